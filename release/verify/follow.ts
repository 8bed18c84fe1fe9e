import { lookAgainMs, makePatience, type Watch } from 'zerodrop/rollout';
import type { Expected } from './expected.ts';
import type { Lineage } from './history.ts';
import { judge, type Judgement } from './judge.ts';
import { stuck } from './standing-words.ts';

/** How a rollout ended that was followed. */
export type Ending =
  | { readonly kind: 'rolled-out'; readonly expected: Expected; readonly isSuperseded: boolean }
  | {
      readonly kind: 'failed';
      readonly expected: Expected;
      readonly isSuperseded: boolean;
      readonly reason: string;
      /** It got further until the time was over: nothing is wrong with it that we know of. */
      readonly isUnderWay: boolean;
    };

/** What the history has to say while a rollout is followed. */
export interface History {
  lineage(awaited: string, found: string): Promise<Lineage>;
  /** Git's name for the environment's folder at a commit; null where it is not there. */
  manifestsAt(commit: string): Promise<string | null>;
  /** Null where the environment runs nothing at that commit. */
  expectedAt(commit: string): Promise<Expected | null>;
}

const askHistoryAgainMs = 5_000;

/**
 * Follows a commit until what it brings is rolled out, or fails. Main may go on meanwhile, and Argo CD never see that commit: a later
 * one is followed in its place. Throws when the watch's signal says to stop.
 *
 * @param withinMs how long it is waited for; null for as long as it gets further within what the manifests let one step take
 * @param lastAt when it ends, whatever comes meanwhile, by Date.now
 */
export async function follow(
  watch: Watch,
  first: Expected,
  history: History,
  withinMs: number | null,
  lastAt: number,
): Promise<Ending> {
  let expected = first;
  let isSuperseded = false;
  /** The other commits that git was asked about, and whether they bring the same. */
  const asked = new Map<string, boolean>();
  const bringsSame = (commit: string): boolean => asked.get(commit) === true;
  let patience = makePatience(Date.now(), bringsSame);
  let endsAt = withinMs === null ? lastAt : Math.min(lastAt, Date.now() + withinMs);
  const failed = (reason: string, isUnderWay = false): Ending => {
    return { kind: 'failed', expected, isSuperseded, reason, isUnderWay };
  };
  for (;;) {
    const awaited = expected;
    const stallsAt = withinMs === null ? patience.movedAt() + awaited.patienceMs : Infinity;
    const leftMs = Math.min(endsAt, stallsAt) - Date.now();
    if (leftMs <= 0) return failed(stuck(watch.state(), awaited), withinMs === null && endsAt < stallsAt);
    const decided = await watch.until<Judgement | { readonly kind: 'failing'; readonly reason: string }>(
      (state) => {
        const failure = patience.look(state, awaited, Date.now());
        const judgement = judge(state, awaited, asked);
        return judgement ?? (failure === null ? null : { kind: 'failing', reason: failure.reason });
      },
      Math.min(leftMs, lookAgainMs),
    );
    if (decided === null) continue;
    const judgement = decided.value;
    if (judgement.kind === 'rolled-out') return { kind: 'rolled-out', expected, isSuperseded };
    if (judgement.kind === 'failing') return failed(judgement.reason);
    const found = judgement.commit;
    const where = await history.lineage(expected.commit, found);
    if (where === 'unknown' && judgement.isCompared) {
      await watch.until(() => null, Math.min(leftMs, askHistoryAgainMs));
      continue;
    }
    const isSame = where !== 'unknown' && (await history.manifestsAt(found)) === expected.manifests;
    if (where !== 'later') {
      asked.set(found, isSame);
      continue;
    }
    const there = await history.expectedAt(found);
    if (there === null) return failed(`Commit ${found.slice(0, 7)} came after it and removes the service.`);
    if (isSame) {
      asked.set(expected.commit, true);
    } else {
      isSuperseded = true;
      asked.clear();
      patience = makePatience(Date.now(), bringsSame);
      if (withinMs !== null) endsAt = Math.min(lastAt, Date.now() + withinMs);
    }
    expected = there;
  }
}
