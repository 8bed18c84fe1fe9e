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
export function tallyFailures(samples: readonly Sample[]): Record<string, number> {
  return tally(samples.flatMap(({ failure }) => failure ?? []));
}

/** The samples that did not end in a right answer. */
export function failed(samples: readonly Sample[]): readonly Sample[] {
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
