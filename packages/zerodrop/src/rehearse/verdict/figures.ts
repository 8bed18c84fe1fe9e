import type { Observed } from '../../rollout/watch.ts';
import type { PlayRecord } from '../cluster.ts';
import type { ClientKind, Sample } from '../load/schedule.ts';
import type { ClientFigures, LongLivedFigures, Mark, RolloutFigures, TimelineEntry } from '../report/schema.ts';
import {
  failed,
  firstAnswerAt,
  groupBy,
  isWithin,
  latency,
  percentiles,
  type RolloutSpan,
  rolloutSpans,
  tally,
  tallyFailures,
  worstCapacity,
} from './samples.ts';

export const clientKinds: readonly ClientKind[] = ['keep-alive', 'new-connection'];

/** What one kind of client saw. */
export function clientFigures(kind: ClientKind, rate: number, all: readonly Sample[]): ClientFigures {
  const samples = all.filter((sample) => sample.kind === kind);
  return {
    kind,
    rate,
    sent: samples.length,
    failed: failed(samples).length,
    failures: tallyFailures(samples),
    latencyMs: latency(samples),
    latenessMs: percentiles(samples.map(({ dueAt, sentAt }) => sentAt - dueAt)),
  };
}

/** What one rollout did to the requests that were due within its span, and how long it took. */
export function rolloutFigures(record: PlayRecord, span: RolloutSpan): RolloutFigures {
  const { rollout } = span;
  const worst = worstCapacity(record, span);
  const after = (at: number | null): number | null => (at === null ? null : Math.round(at - rollout.pushedAt));
  const due = record.samples.filter(({ dueAt }) => isWithin(span, dueAt));
  return {
    name: rollout.name,
    revision: rollout.revision,
    from: rollout.from,
    to: rollout.to,
    replicas: worst?.due ?? rollout.replicas,
    maxSurge: rollout.maxSurge,
    maxUnavailable: rollout.maxUnavailable,
    committedAtMs: Math.round(rollout.pushedAt - record.startedAt),
    syncedAfterMs: after(rollout.syncedAt),
    firstAnswerAfterMs: after(firstAnswerAt(record.samples, span)),
    completeAfterMs: after(rollout.completeAt),
    lastOldPodGoneAfterMs: after(rollout.lastOldPodGoneAt),
    boundMs: rollout.boundMs,
    ...(rollout.forecast === undefined ? {} : { forecast: rollout.forecast }),
    ...(rollout.reached === undefined
      ? {}
      : { reached: { what: rollout.reached.what, afterMs: after(rollout.reached.at) } }),
    requests: due.length,
    failed: failed(due).length,
    latencyMs: latency(due),
    slow: slowAnswers(due, record.slowMs).length,
    longestGapMs: Math.round(Math.max(0, ...clientKinds.map((kind) => longestGap(record.samples, kind, span).ms))),
    minimumReadyPods: worst?.ready ?? null,
  };
}

/** Right answers that took longer than a bound. */
export function slowAnswers(samples: readonly Sample[], slowMs: number): readonly Sample[] {
  return samples.filter(({ dueAt, endedAt, failure }) => failure === null && endedAt - dueAt > slowMs);
}

/** The longest time within a span in which a kind of client got no right answer, and when it began. */
export function longestGap(
  samples: readonly Sample[],
  kind: ClientKind,
  { from, to }: Pick<RolloutSpan, 'from' | 'to'>,
): { readonly ms: number; readonly from: number } {
  const answers = samples
    .filter((sample) => sample.kind === kind && sample.failure === null)
    .map(({ endedAt }) => endedAt)
    .filter((at) => at >= from && at < to)
    .toSorted((a, b) => a - b);
  let longest = { ms: 0, from };
  let before = from;
  for (const at of answers) {
    if (at - before > longest.ms) longest = { ms: at - before, from: before };
    before = at;
  }
  return longest;
}

/** What each kind of long-lived client did; null where there was none. */
export function longLivedFigures({ longLived, observed }: PlayRecord): readonly LongLivedFigures[] | null {
  if (longLived === undefined) return null;
  const { orders, ended, closedEarly } = longLived;
  const toldAt = new Map<string, number>();
  for (const seen of observed) {
    const leaving = seen.kind === 'pods' ? seen.pods.filter(({ state }) => state === 'terminating') : [];
    for (const { name } of leaving) if (!toldAt.has(name)) toldAt.set(name, seen.at);
  }
  return orders.map((order) => {
    const { kind, request } = order;
    const own = ended.filter((one) => one.kind === kind);
    const early = closedEarly === 'told' ? own.filter(({ failure }) => failure === 'closed early').length : 0;
    const placed = own.filter(({ pod }) => pod !== null);
    const many =
      'open' in order ? `${order.open} at a time` : `${order.perSecond} a second, ${order.lastsMs / 1_000} s each`;
    return {
      kind,
      asked: `${request.method} ${request.path}, ${many}`,
      ended: own.length,
      lost: failed(own).length - early,
      closedEarly: early,
      failures: tallyFailures(own),
      afterSigterm:
        placed.length === 0
          ? null
          : placed.filter(({ pod, endedAt }) => endedAt > (toldAt.get(pod ?? '') ?? Number.POSITIVE_INFINITY)).length,
    };
  });
}

/** What was answered before the first push under load; the whole play where there was none. */
export function steadyFigures(record: PlayRecord, firstPushAt: number | undefined) {
  const due = record.samples.filter(({ dueAt }) => dueAt < (firstPushAt ?? Number.POSITIVE_INFINITY));
  return { requests: due.length, latencyMs: latency(due) };
}

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
    case 'listening':
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

const names = {
  replicas: 'replicas',
  maxSurge: 'maxSurge',
  maxUnavailable: 'maxUnavailable',
  minReadySeconds: 'minReadySeconds',
  drainMs: 'the drain in ms',
  graceSeconds: 'terminationGracePeriodSeconds',
} as const;

/** Numbers that are others than those that a release would roll out with. */
export function notAsCommitted({ settings, numbers: { played, committed } }: PlayRecord): readonly string[] {
  if (settings !== 'ours') return [];
  const fields = Object.keys(names) as (keyof typeof names)[];
  const others = fields.filter((field) => played[field] !== committed[field]);
  const { autoscaler } = committed;
  const scaled = autoscaler === null ? null : `an autoscaler of ${autoscaler.min} to ${autoscaler.max}`;
  return others.map(
    (field) =>
      `Played with ${names[field]} ${played[field]}. Committed is ${(field === 'replicas' ? scaled : null) ?? committed[field]}.`,
  );
}

/** What the target stores and can't run. */
export function notRun({ observed }: PlayRecord): readonly string[] {
  return [...new Set(observed.flatMap((seen) => (seen.kind === 'not-run' ? seen.object : [])))].toSorted();
}
