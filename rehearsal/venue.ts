import type { Rehearsed } from './scratch/settings.ts';
import type { Target } from './target.ts';

/** Where a play is staged: what the settings must say there, how a pushed commit gets there, and the target itself. */
export interface Venue {
  /** The rehearsed settings as they must be here. */
  place(rehearsed: Rehearsed): Rehearsed;
  /** Brings a commit that was pushed to the scratch remote to where the cluster looks for it. */
  deliver(commit: string): Promise<void>;
  /** Opens the target, once the scratch clone has the settings. */
  open(settled: Rehearsed): Promise<Target>;
  /** Takes everything down, the target included. Safe to call at any moment, and twice. */
  strike(): Promise<void>;
}
