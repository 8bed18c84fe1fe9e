import type { Sample } from '../load/sample.ts';
import type { TimelineEntry } from '../report/schema.ts';
import { groupBy } from './group.ts';
import { failed, tally, tallyFailures } from './tally.ts';

const secondMs = 1_000;

/**
 * The requests of each second of the load, by when they were due: a service that answers late does not move them. Seconds
 * count from the first request; the last one is as long as the load went on in it.
 */
export function secondsOfLoad(
  samples: readonly Sample[],
  rate: number,
  since: (at: number) => number,
): readonly TimelineEntry[] {
  const due = samples.toSorted((a, b) => a.dueAt - b.dueAt);
  const first = due[0]?.dueAt;
  const last = due.at(-1)?.dueAt;
  if (first === undefined || last === undefined) return [];
  // The load ends half a period after its last request, because two kinds of client take turns.
  const endsAt = last + secondMs / (2 * rate);
  const groups = groupBy(due, ({ dueAt }) => Math.floor((dueAt - first) / secondMs));
  return [...groups].map(([n, group]) => {
    const beginsAt = first + n * secondMs;
    return {
      atMs: since(beginsAt),
      kind: 'requests',
      durationMs: Math.round(Math.min(secondMs, endsAt - beginsAt)),
      answers: tally(group.flatMap(({ version, failure }) => (failure === null ? (version ?? []) : []))),
      failed: failed(group).length,
      failures: tallyFailures(group),
    };
  });
}
