import type { Changes } from './manifests/changes.ts';
import type { Rehearsed } from './manifests/rehearsed.ts';
import type { Target } from './target.ts';

/** Where a play is staged: what the manifests must say there, how a pushed commit gets there, and the target itself. */
export interface Venue {
  /** The repository that the cluster reads, and what of the manifests is another here. */
  readonly place: { readonly repository: string; readonly namespace: string | null } & Pick<Changes, 'expose'>;
  /** Brings a commit that was pushed to the scratch remote to where the cluster looks for it. */
  deliver(commit: string): Promise<void>;
  /** Opens the target, once the scratch clone has its manifests. */
  open(settled: Rehearsed): Promise<Target>;
  /** Takes everything down, the target included. Safe to call at any moment, and twice. */
  strike(): Promise<void>;
}
