import type { Observation } from '../observation.ts';
import type { Watched } from './collection.ts';

/** The part of an Event that is read. */
export interface ClusterEvent extends Watched {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number };
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

/** The newest events about these objects, oldest first. */
export function latest(events: readonly ClusterEvent[], about: ReadonlySet<string>, most: number): ClusterEvent[] {
  return events
    .filter(({ involvedObject }) => about.has(involvedObject.name ?? ''))
    .toSorted((a, b) => when(a).localeCompare(when(b)))
    .slice(-most);
}

/** Older reporters write lastTimestamp, newer ones eventTime; both sort as text. */
function when({ lastTimestamp, eventTime }: ClusterEvent): string {
  return lastTimestamp ?? eventTime ?? '';
}
