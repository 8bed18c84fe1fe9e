import { hopeless, isComplete, isLastOldPodGone } from '../../rollout/rolled-out.ts';
import type { Standing } from '../../rollout/standing.ts';
import type { Expected } from './expected.ts';

/** What is to be made of how a rollout stands. */
export type Judgement =
  | { readonly kind: 'rolled-out' }
  /** A pod or the Deployment says that it will not come up. */
  | { readonly kind: 'failing'; readonly reason: string }
  /** Argo CD says so: it may be about the commit before, or about git being away for a moment. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Argo CD has another commit, and nobody has looked yet which. */
  | { readonly kind: 'elsewhere'; readonly commit: string };

/** Judges a standing by what is expected; null to wait. `looked` are the other commits that need no more looking at. */
export function judge(standing: Standing, expected: Expected, looked: ReadonlySet<string>): Judgement | null {
  const { application } = standing;
  const at = application?.revision ?? null;
  if (at !== null && at !== expected.commit && !looked.has(at)) return { kind: 'elsewhere', commit: at };
  if (isComplete(standing, expected)) return isLastOldPodGone(standing, expected) ? { kind: 'rolled-out' } : null;
  const failing = hopeless({ ...standing, application: null }, expected);
  if (failing !== null) return { kind: 'failing', reason: failing };
  const refused = hopeless({ ...standing, deployment: null, pods: [] }, expected);
  return refused === null ? null : { kind: 'refused', reason: refused };
}
