import type { Observed } from '../../rollout/watch.ts';
import type { PlayRecord } from '../cluster.ts';
import type { Sample } from '../load/schedule.ts';
import type { Mark, TimelineEntry } from '../report/schema.ts';
import {
  failed,
  firstAnswerAt,
  groupBy,
  latency,
  type RolloutSpan,
  rolloutSpans,
  tally,
  tallyFailures,
} from './samples.ts';

/** Everything that has a time, in order: marks of the rollouts, what the cluster showed, the requests of each second. */
export function timeline(record: PlayRecord): readonly TimelineEntry[] {
  const since = (at: number): number => Math.round(at - record.startedAt);
  const entries = [
    ...rolloutSpans(record).flatMap((span) => marks(record, span, since)),
    ...record.observed.flatMap((seen) => inVersions(seen, record.versions, since(seen.at)) ?? []),
    ...secondsOfLoad(record.samples, record.rate, since),
  ];
  return entries.toSorted((a, b) => a.atMs - b.atMs);
}

function marks({ samples }: PlayRecord, span: RolloutSpan, since: (at: number) => number): readonly TimelineEntry[] {
  const { name, to, pushedAt, syncedAt, completeAt, lastOldPodGoneAt } = span.rollout;
  const times: readonly (readonly [Mark['mark'], number | null])[] = [
    ['commit', pushedAt],
    ['synced', syncedAt],
    ['first answer', firstAnswerAt(samples, span)],
    ['complete', completeAt],
    ['last old pod gone', lastOldPodGoneAt],
  ];
  return times.flatMap(([mark, at]) =>
    at === null ? [] : { atMs: since(at), kind: 'mark', mark, rollout: name, version: to },
  );
}

/** An observation as the report tells it: nobody reads digests. Null for what is told elsewhere. */
function inVersions(seen: Observed, versions: PlayRecord['versions'], atMs: number): TimelineEntry | null {
  const version = (image: string): string => versions[image] ?? image;
  const { at: _, ...observation } = seen;
  switch (observation.kind) {
    case 'pods': {
      const pods = observation.pods.map(({ name, replicaSet, image, state }) => ({
        name,
        replicaSet,
        version: version(image),
        state,
      }));
      return { atMs, kind: 'pods', pods };
    }
    case 'endpoints':
      return { atMs, kind: 'endpoints', ready: observation.ready.length };
    case 'deployment': {
      const { kind, image, replicas, updated, ready, available, settled, failure } = observation;
      return { atMs, version: version(image), kind, replicas, updated, ready, available, settled, failure };
    }
    case 'application': {
      const { healthSince: _since, phaseStartedAt: _startedAt, ...rest } = observation;
      return { atMs, ...rest };
    }
    case 'warning':
      return { atMs, ...observation };
    case 'not-run':
    case 'stalled':
      return null;
  }
}

const secondMs = 1_000;

/**
 * The requests of each second of the load, by when they were due: a service that answers late does not move them. Seconds
 * count from the first request; the last one is as long as the load went on in it.
 */
function secondsOfLoad(
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
      latencyMs: latency(group),
      failures: tallyFailures(group),
    };
  });
}
