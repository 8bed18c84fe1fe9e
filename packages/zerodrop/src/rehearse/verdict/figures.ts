import type { Observed } from '../../rollout/watch.ts';
import type { PlayRecord } from '../cluster.ts';
import type { ClientKind, Sample } from '../load/schedule.ts';
import type { ClientFigures, RolloutFigures } from '../report/schema.ts';
import { failed, firstAnswerAt, isWithin, latency, percentiles, type RolloutSpan, tallyFailures } from './samples.ts';

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
  const after = (at: number | null): number | null => (at === null ? null : Math.round(at - rollout.pushedAt));
  const due = record.samples.filter(({ dueAt }) => isWithin(span, dueAt));
  return {
    name: rollout.name,
    revision: rollout.revision,
    from: rollout.from,
    to: rollout.to,
    replicas: rollout.replicas,
    maxSurge: rollout.maxSurge,
    maxUnavailable: rollout.maxUnavailable,
    committedAtMs: Math.round(rollout.pushedAt - record.startedAt),
    syncedAfterMs: after(rollout.syncedAt),
    firstAnswerAfterMs: after(firstAnswerAt(record.samples, span)),
    completeAfterMs: after(rollout.completeAt),
    lastOldPodGoneAfterMs: after(rollout.lastOldPodGoneAt),
    boundMs: rollout.boundMs,
    requests: due.length,
    failed: failed(due).length,
    latencyMs: latency(due),
    slow: slowAnswers(due, record.slowMs).length,
    longestGapMs: Math.round(Math.max(0, ...clientKinds.map((kind) => longestGap(record.samples, kind, span).ms))),
    minimumReadyPods: minimumReady(record.observed, span.from, span.to),
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

/** What was answered before the first push under load; the whole play where there was none. */
export function steadyFigures(record: PlayRecord, firstPushAt: number | undefined) {
  const due = record.samples.filter(({ dueAt }) => dueAt < (firstPushAt ?? Number.POSITIVE_INFINITY));
  return { requests: due.length, latencyMs: latency(due) };
}

/**
 * The least that could take traffic in a span of time: of the pods that were ready and of the endpoints that were published,
 * the smaller number. What stood when the span began counts too. Null where neither was ever seen.
 */
export function minimumReady(observed: readonly Observed[], from: number, to: number): number | null {
  const lowest = [readyPods(observed), readyEndpoints(observed)].flatMap((steps) => minimum(steps, from, to) ?? []);
  return lowest.length === 0 ? null : Math.min(...lowest);
}

interface Step {
  readonly at: number;
  readonly ready: number;
}

function readyPods(observed: readonly Observed[]): readonly Step[] {
  return observed.flatMap((seen) =>
    seen.kind === 'pods' ? { at: seen.at, ready: seen.pods.filter(({ state }) => state === 'ready').length } : [],
  );
}

function readyEndpoints(observed: readonly Observed[]): readonly Step[] {
  return observed.flatMap((seen) => (seen.kind === 'endpoints' ? { at: seen.at, ready: seen.ready.length } : []));
}

function minimum(steps: readonly Step[], from: number, to: number): number | null {
  const before = steps.findLast(({ at }) => at <= from);
  const within = steps.filter(({ at }) => at > from && at < to);
  const ready = [...(before === undefined ? [] : [before]), ...within].map((step) => step.ready);
  return ready.length === 0 ? null : Math.min(...ready);
}
