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
