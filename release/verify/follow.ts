import { setTimeout as pause } from 'node:timers/promises';
import type { Watch } from '../../rollout/watch.ts';
import type { Expected } from './expected.ts';
import type { Lineage } from './history.ts';
import { type Judgement, judge } from './judge.ts';
import { stuck } from './standing-words.ts';

/** How a rollout ended that was followed. */
export type Ending =
  | { readonly kind: 'rolled-out'; readonly expected: Expected; readonly isSuperseded: boolean }
  | { readonly kind: 'failed'; readonly expected: Expected; readonly isSuperseded: boolean; readonly reason: string };

/** What the history has to say while a rollout is followed. */
export interface History {
  lineage(awaited: string, found: string): Promise<Lineage>;
  /** Null where the environment runs nothing at that commit. */
  expectedAt(commit: string): Promise<Expected | null>;
}

/** Argo CD looks anew every few seconds, because it is asked to: what it still says after this is meant. */
const refusalStandsMs = 20_000;
const askHistoryAgainMs = 5_000;

/**
 * Follows a commit until what it brings is rolled out, or fails. Main may go on meanwhile, and Argo CD never see that commit: a later
 * one is followed in its place. Throws when the watch's signal says to stop.
 *
 * @param withinMs how long it is waited for; null for as long as the manifests let it take
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
  const looked = new Set<string>();
  const failed = (reason: string): Ending => ({ kind: 'failed', expected, isSuperseded, reason });
  const endOf = ({ patienceMs }: Expected): number => Math.min(lastAt, Date.now() + (withinMs ?? patienceMs));
  let endsAt = endOf(expected);
  for (;;) {
    const awaited = expected;
    const leftMs = endsAt - Date.now();
    const decided = leftMs <= 0 ? null : await watch.until((standing) => judge(standing, awaited, looked), leftMs);
    if (decided === null) return failed(stuck(watch.standing(), awaited));
    const judgement = decided.value;
    if (judgement.kind === 'rolled-out') return { kind: 'rolled-out', expected, isSuperseded };
    if (judgement.kind === 'failing') return failed(judgement.reason);
    if (judgement.kind === 'refused') {
      if (await stands(watch, judgement, awaited, looked, leftMs)) return failed(judgement.reason);
      continue;
    }
    const found = judgement.commit;
    const where = await history.lineage(expected.commit, found);
    if (where === 'unknown') await pause(askHistoryAgainMs);
    if (where === 'earlier') looked.add(found);
    if (where !== 'later') continue;
    const later = await history.expectedAt(found);
    if (later === null) return failed(`Commit ${found.slice(0, 7)} came after it and takes the service away.`);
    if (later.manifests !== expected.manifests) {
      isSuperseded = true;
      endsAt = endOf(later);
    }
    expected = later;
  }
}

/** Whether Argo CD goes on saying the same. */
async function stands(
  watch: Watch,
  { reason }: Extract<Judgement, { kind: 'refused' }>,
  expected: Expected,
  looked: ReadonlySet<string>,
  leftMs: number,
): Promise<boolean> {
  const changed = await watch.until(
    (standing) => {
      const judgement = judge(standing, expected, looked);
      return judgement?.kind === 'refused' && judgement.reason === reason ? null : true;
    },
    Math.min(refusalStandsMs, leftMs),
  );
  return changed === null;
}
