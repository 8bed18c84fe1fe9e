import type { ContainerClusterMaintenancePolicy } from '@cdktf/provider-google/lib/container-cluster/index.js';

const hours = 6;

/**
 * When Google may upgrade control plane and nodes: six hours on Tuesdays, Wednesdays and Thursdays, so that a working day
 * follows. The hour is in UTC, and its default is the same for every region: night in Jakarta, the afternoon in New York.
 * GKE asks for at least 48 hours in 32 days; this makes 78.
 */
export function maintenanceWindow(hourUtc: number): ContainerClusterMaintenancePolicy {
  // A date in the past: only its hour and the recurrence count, and a fixed one renders the same every day.
  const start = Date.UTC(2026, 0, 1, hourUtc);
  const end = start + hours * 3_600_000;
  return {
    recurringWindow: { startTime: timestamp(start), endTime: timestamp(end), recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,TH' },
  };
}

/** RFC 3339 as Google reads it back, without milliseconds: else every plan would show a difference. */
function timestamp(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
