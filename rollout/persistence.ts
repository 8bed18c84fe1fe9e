import type { Failure } from './failures.ts';

/**
 * How long something has to go on failing until it is a verdict, in milliseconds. Argo CD is asked to look again four times
 * meanwhile, and the kubelet pulls an image again after 10 s (kubernetes/pkg/kubelet, image back-off). The old pods serve all the
 * while, so that waiting costs nothing, and a wrong revert does.
 */
export const persistsMs = 20_000;

/** Remembers what fails and for how long. */
export interface Persistence {
  /** Takes what fails now; the failure that has persisted, or null. Time is in milliseconds, by one clock. */
  note(failures: readonly Failure[], now: number): Failure | null;
  /** Something got further: what fails has to persist anew. */
  reset(): void;
}

interface Entry {
  readonly since: number;
  readonly restarts: number;
}

/** Starts with nothing that fails. */
export function makePersistence(): Persistence {
  const entries = new Map<string, Entry>();
  let failing: ReadonlySet<string> = new Set();
  return {
    note(failures, now) {
      for (const { subject, restarts } of failures) {
        const before = entries.get(subject);
        // A crash loop runs between its crashes: a failure that comes back with more restarts was never over.
        const goesOn = before !== undefined && (failing.has(subject) || restarts > before.restarts);
        entries.set(subject, { since: goesOn ? before.since : now, restarts });
      }
      failing = new Set(failures.map(({ subject }) => subject));
      return failures.find(({ subject }) => now - (entries.get(subject)?.since ?? now) >= persistsMs) ?? null;
    },
    reset() {
      entries.clear();
      failing = new Set();
    },
  };
}
