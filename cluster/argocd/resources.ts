import type { JsonObject } from '../terraform-json.ts';

function sized(cpu: string, memory: string, limit: string): JsonObject {
  // No limit on CPU: a throttled controller syncs late, and what it leaves idle others may use.
  return { requests: { cpu, memory }, limits: { memory: limit } };
}

/**
 * What each part of Argo CD asks for. Requests are those that the chart's own values suggest; the limits on memory are
 * ours, wide enough for one repository with a few applications.
 */
export const resources = {
  controller: sized('250m', '256Mi', '1Gi'),
  server: sized('50m', '64Mi', '256Mi'),
  repoServer: sized('10m', '64Mi', '512Mi'),
  redis: sized('100m', '64Mi', '256Mi'),
  dex: sized('10m', '32Mi', '128Mi'),
  notifications: sized('100m', '128Mi', '256Mi'),
} as const;
