import { appliedSince, failuresOf, type Failure } from './failures.ts';
import { makePersistence } from './persistence.ts';
import { makeProgress } from './progress.ts';
import type { Awaited } from './rolled-out.ts';
import type { Standing } from './standing.ts';

/** What fails becomes a verdict by time alone: a rollout is looked at this often also when nothing changes, in milliseconds. */
export const lookAgainMs = 1_000;

/** Decides how long a rollout is waited for: as long as it gets further, and nothing fails for good. */
export interface Patience {
  /** Takes one look, at a time of our own clock in milliseconds. Returns what has failed for so long that it is a verdict. */
  look(standing: Standing, awaited: Awaited, now: number): Failure | null;
  /** When the rollout last got further, by the same clock. */
  movedAt(): number;
}

/**
 * Begins to wait.
 *
 * @param bringsSame whether another commit has the same manifests as the awaited one, so that its sync counts as that one's
 */
export function makePatience(now: number, bringsSame: (commit: string) => boolean = () => false): Patience {
  const persistence = makePersistence();
  const progress = makeProgress();
  let movedAt = now;
  let firstSince = Infinity;
  let isApplied = false;
  // Argo CD syncs the same commit again when somebody changes an object by hand: the first sync is the one that counts.
  const since = (standing: Standing, awaited: Awaited): number | null => {
    const applied = appliedSince(standing, awaited, bringsSame);
    if (applied === null || applied === -Infinity) return applied;
    firstSince = Math.min(firstSince, applied);
    return firstSince;
  };
  return {
    look(standing, awaited, at) {
      const step = progress.note(standing);
      const appliedAt = since(standing, awaited);
      if (step !== 'none' || (!isApplied && appliedAt !== null)) movedAt = at;
      isApplied ||= appliedAt !== null;
      if (step === 'ready') persistence.reset();
      return persistence.note(failuresOf(standing, awaited, appliedAt), at);
    },
    movedAt: () => movedAt,
  };
}
