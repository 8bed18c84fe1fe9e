import type { Observed } from '../../rollout/watch.ts';
import type { PlayedRollout, PlayRecord } from '../cluster.ts';
import type { Sample } from '../load/schedule.ts';
import type { Percentiles } from '../report/schema.ts';

/** Groups values by a key, in the order of first occurrence. `Map.groupBy` does the same from Node 21 on. */
export function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** How often each value occurs, in the order of first occurrence. */
export function tally(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** How often each failure occurs among the samples. */
export function tallyFailures(samples: readonly Pick<Sample, 'failure'>[]): Record<string, number> {
  return tally(samples.flatMap(({ failure }) => failure ?? []));
}

/** The samples that did not end in a right answer. */
export function failed<One extends Pick<Sample, 'failure'>>(samples: readonly One[]): readonly One[] {
  return samples.filter(({ failure }) => failure !== null);
}

/** From when requests were due to their right answers. */
export function latency(samples: readonly Sample[]): Percentiles {
  return percentiles(samples.flatMap(({ dueAt, endedAt, failure }) => (failure === null ? endedAt - dueAt : [])));
}

/** The sample that was due first; undefined for none. */
export function firstDue(samples: readonly Sample[]): Sample | undefined {
  let first: Sample | undefined;
  for (const sample of samples) if (first === undefined || sample.dueAt < first.dueAt) first = sample;
  return first;
}

/** Errors of the client's own machine: no file, port or memory left, no way to a network, or a name that it could not look up. */
export const ownErrors: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
  'ENOMEM',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Median, 99th percentile and maximum by nearest rank, to a tenth; all 0 where there is nothing to rank. */
export function percentiles(values: readonly number[]): Percentiles {
  const ranked = values.toSorted((a, b) => a - b);
  const at = (share: number): number => tenth(ranked[Math.ceil(share * ranked.length) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A rollout with the time that belongs to it: from its push until the next one's, or until the end of the play. */
export interface RolloutSpan {
  readonly rollout: PlayedRollout;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** The first moment that belongs to it no more. */
  readonly to: number;
}

/** The rollouts in the order of their pushes, the first deployment among them. */
export function rolloutSpans({ rollouts, endedAt }: PlayRecord): readonly RolloutSpan[] {
  const pushed = rollouts.toSorted((a, b) => a.pushedAt - b.pushedAt);
  return pushed.map((rollout, n) => ({ rollout, from: rollout.pushedAt, to: pushed[n + 1]?.pushedAt ?? endedAt }));
}

/** Those that run under load: every one but the first deployment. */
export function loadedSpans(record: PlayRecord): readonly RolloutSpan[] {
  return rolloutSpans(record).filter(({ rollout }) => rollout.from !== null);
}

/** Whether a moment belongs to a span. */
export function isWithin({ from, to }: RolloutSpan, at: number): boolean {
  return at >= from && at < to;
}

/** A time in which a version may answer. Milliseconds since the epoch. */
export interface ServingTime {
  readonly from: number;
  readonly to: number;
}

/** The first answer of the version that a rollout brings, within its span; null where there is none. */
export function firstAnswerAt(samples: readonly Sample[], { rollout, from, to }: RolloutSpan): number | null {
  const answers = samples.filter(({ version, endedAt }) => version === rollout.to && endedAt >= from && endedAt < to);
  return answers.reduce<number | null>(
    (first, { endedAt }) => (first === null || endedAt < first ? endedAt : first),
    null,
  );
}

/**
 * When a version may answer: from the push that brings it until the last pod of another version than the next one is gone. A
 * version that was there before the first push may answer from the start.
 */
export function servingTimes(spans: readonly RolloutSpan[], version: string): readonly ServingTime[] {
  const times: ServingTime[] = [];
  let from = spans[0]?.rollout.from === version ? Number.NEGATIVE_INFINITY : null;
  for (const { rollout } of spans) {
    if (rollout.to === version) {
      from ??= rollout.pushedAt;
    } else if (from !== null && rollout.lastOldPodGoneAt !== null) {
      times.push({ from, to: rollout.lastOldPodGoneAt });
      from = null;
    }
  }
  return from === null ? times : [...times, { from, to: Number.POSITIVE_INFINITY }];
}

/** `early`: before the push that brings its version; `late`: after its last pod was gone; `unknown`: nothing brings it. */
export type Stray = 'early' | 'late' | 'unknown';

/**
 * Whether an answer came when its version could not answer; null where it could.
 *
 * A request takes its time, so only one that ended before the push is early, and only one that was sent after the last pod was
 * gone is late.
 */
export function stray({ sentAt, endedAt }: Sample, times: readonly ServingTime[]): Stray | null {
  if (times.length === 0) return 'unknown';
  if (times.some(({ from, to }) => endedAt >= from && sentAt <= to)) return null;
  return times.some(({ to }) => sentAt > to) ? 'late' : 'early';
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

/** Pods that could take traffic at a moment, of those that were due. */
export interface Capacity {
  readonly ready: number;
  readonly due: number;
}

/** A Deployment and its pods are told of apart: a number that is asked for counts from so long before it was seen, in milliseconds. */
const toldApartMs = 1_000;

/**
 * The worst moment of a rollout: the fewest ready pods against the number that was due. Null where no pod and no endpoint was ever
 * seen.
 *
 * Due are the replicas of the rollout, and where an autoscaler decides, those that it asks for within its bounds: fewer at once, more as
 * soon as they are ready.
 */
export function worstCapacity(
  { observed, numbers }: Pick<PlayRecord, 'observed' | 'numbers'>,
  { rollout, from, to }: RolloutSpan,
): Capacity | null {
  const { autoscaler } = numbers.played;
  const asked = autoscaler === null ? [] : askedFor(observed);
  const fewer = rollout.replicas - (rollout.allowed?.leastReady ?? rollout.replicas);
  let due = rollout.replicas;
  let worst: Capacity | null = null;
  for (const { at, ready } of readySteps(observed, from, to)) {
    const wanted = asked.findLast((step) => step.at <= at)?.replicas ?? due;
    const soon = asked.filter((step) => step.at > at && step.at <= at + toldApartMs).map(({ replicas }) => replicas);
    const fewest = Math.max(autoscaler?.min ?? 0, Math.min(due, wanted, ...soon));
    due = ready >= wanted ? Math.max(fewest, wanted) : fewest;
    const one = { ready, due: due - fewer };
    const isWorse = worst === null || one.due - ready > worst.due - worst.ready;
    if (isWorse || (one.due - ready === missing(worst) && ready < (worst?.ready ?? 0))) worst = one;
  }
  return worst;
}

function missing(capacity: Capacity | null): number {
  return capacity === null ? 0 : capacity.due - capacity.ready;
}

function askedFor(observed: readonly Observed[]): readonly { readonly at: number; readonly replicas: number }[] {
  return observed.flatMap((seen) => (seen.kind === 'deployment' ? { at: seen.at, replicas: seen.replicas } : []));
}

/** How many could take traffic at each moment of a span in which that changed, and at its beginning. */
function readySteps(observed: readonly Observed[], from: number, to: number): readonly Step[] {
  const changes = [...readyPods(observed), ...readyEndpoints(observed)].map(({ at }) => at);
  const moments = [from, ...new Set(changes.filter((at) => at > from && at < to))].toSorted((a, b) => a - b);
  return moments.flatMap((at) => {
    const ready = minimumReady(observed, at, at);
    return ready === null ? [] : { at, ready };
  });
}
