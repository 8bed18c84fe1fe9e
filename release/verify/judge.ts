import { isComplete, isLastOldPodGone, type Standing } from 'zerodrop/rollout';
import type { Expected } from './expected.ts';

/** Whether a commit that is not the expected one has the same manifests. */
export type Place = 'same' | 'other';

/** What can be said of a rollout by one look at it. */
export type Judgement =
  | { readonly kind: 'rolled-out' }
  /** Argo CD has compared the cluster with another commit, or synced one, and git was not asked yet what that one brings. */
  | { readonly kind: 'elsewhere'; readonly commit: string; readonly isCompared: boolean };

/** Judges a standing by what is expected; null to wait. `places` has the other commits that git was asked about. */
export function judge(standing: Standing, expected: Expected, places: ReadonlyMap<string, Place>): Judgement | null {
  const { revision = null, phaseRevision = null } = standing.application ?? {};
  const elsewhere = [revision, phaseRevision].find((at) => at !== null && at !== expected.commit && !places.has(at));
  if (elsewhere !== undefined && elsewhere !== null) {
    return { kind: 'elsewhere', commit: elsewhere, isCompared: elsewhere === revision };
  }
  const isRolledOut = isComplete(standing, expected) && isLastOldPodGone(standing, expected);
  return isRolledOut ? { kind: 'rolled-out' } : null;
}
