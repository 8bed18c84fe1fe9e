import type { Observation } from '../observation.ts';
import type { Watched } from './collection.ts';
import { milliseconds } from './objects.ts';

/** The part of an Event that is read. */
export interface ClusterEvent extends Watched {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

/** A warning as a timeline shows it. */
export function warningObservation(event: ClusterEvent): Extract<Observation, { kind: 'warning' }> {
  const { kind, name } = event.involvedObject;
  return {
    kind: 'warning',
    object: `${kind ?? 'Object'} ${name ?? ''}`.trim(),
    reason: event.reason ?? 'Unknown',
    message: (event.message ?? '').trim(),
  };
}

/**
 * The newest events about these objects, oldest first.
 *
 * @param since in milliseconds since the epoch by the cluster's clock
 */
export function latest(
  events: readonly ClusterEvent[],
  about: ReadonlySet<string>,
  since: number,
  most: number,
): ClusterEvent[] {
  return events
    .filter((event) => about.has(event.involvedObject.name ?? '') && when(event) >= since)
    .toSorted((a, b) => when(a) - when(b))
    .slice(-most);
}

/** Older reporters write lastTimestamp, newer ones eventTime, and the time of the last repetition into the series. */
function when({ lastTimestamp, eventTime, series }: ClusterEvent): number {
  return milliseconds(series?.lastObservedTime ?? lastTimestamp ?? eventTime) ?? 0;
}
