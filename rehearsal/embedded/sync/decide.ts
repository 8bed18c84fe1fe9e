import type { Application } from './application.ts';
import type { Comparison } from './compare.ts';

/** The last operation that was started on its own. */
export interface Attempt {
  readonly revision: string;
  readonly failure: string | null;
  /** How often the same commit was synced again to heal it. */
  readonly heals: number;
  /** In milliseconds since the epoch. */
  readonly endedAt: number;
}

export type Decision =
  | { readonly sync: true }
  /** `error`: what the condition SyncError says about it; null where there is nothing to say. */
  | { readonly sync: false; readonly error: string | null };

const stay: Decision = { sync: false, error: null };

/**
 * Whether an application is synced on its own, by the rules of Argo CD's autoSync (controller/appcontroller.go): never to
 * nothing, never again after a failure of the same commit, and again after a success only to heal, later each time.
 */
export function decide(
  { automated }: Application,
  { changes, prunes, wipesOut }: Comparison,
  revision: string,
  last: Attempt | null,
  now: number,
): Decision {
  if (automated === null || changes.length + prunes.length === 0) return stay;
  if (!automated.prune && changes.length === 0) return stay;
  if (last?.revision === revision) {
    if (last.failure !== null)
      return { sync: false, error: `Failed last sync attempt to [${revision}]: ${last.failure}` };
    if (!automated.selfHeal || now < last.endedAt + healAfterMs(last.heals)) return stay;
  }
  if (automated.prune && !automated.allowEmpty && wipesOut) {
    return { sync: false, error: `Skipping sync attempt to [${revision}]: auto-sync will wipe out all resources` };
  }
  return { sync: true };
}

/** The first time at once, then 2 s and three times as long each time, up to 5 minutes: the controller's own defaults. */
export function healAfterMs(heals: number): number {
  return heals === 0 ? 0 : Math.min(2_000 * 3 ** (heals - 1), 300_000);
}
