import type { Sample } from '../load/sample.ts';
import type { PlayedRollout, PlayRecord } from '../record.ts';

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
