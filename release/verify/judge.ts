import { isComplete, isLastOldPodGone, type RolloutState } from 'zerodrop/rollout';
import type { Expected } from './expected.ts';

/** What can be said of a rollout by one look at it. */
export type Judgement =
  | { readonly kind: 'rolled-out' }
  /** Argo CD has compared the cluster with another commit, or synced one, and git was not asked yet what that one brings. */
  | { readonly kind: 'elsewhere'; readonly commit: string; readonly isCompared: boolean };

/**
 * Judges a state by what is expected; null to wait.
 *
 * @param asked the other commits that git was asked about, and whether they bring the same
 */
export function judge(state: RolloutState, expected: Expected, asked: ReadonlyMap<string, boolean>): Judgement | null {
  const { revision = null, phaseRevision = null } = state.application ?? {};
  const seen = [revision, phaseRevision].filter((at) => at !== null);
  const elsewhere = seen.find((at) => at !== expected.commit && !asked.has(at));
  if (elsewhere !== undefined) {
    return { kind: 'elsewhere', commit: elsewhere, isCompared: elsewhere === revision };
  }
  const isRolledOut = isComplete(state, expected) && isLastOldPodGone(state, expected);
  return isRolledOut ? { kind: 'rolled-out' } : null;
}
