import { setTimeout as sleep } from 'node:timers/promises';
import { type Render, renderByTree } from './render.ts';

/** What a command that pushes works with: where, for how long, and by whose clock. */
export interface Surroundings {
  /** The root of the clone. Nothing in it changes but its store of objects, and what git knows of the remote after a push. */
  readonly directory: string;
  /** The remote whose main Argo CD follows. */
  readonly remote: string;
  /** No attempt to push begins after this. */
  readonly withinMs: number;
  /** One call of git or of the renderer ends after this. */
  readonly callMs: number;
  readonly clock: Clock;
  /** The time of the calendar, in milliseconds since 1970: a freeze ends by it. */
  readonly dateMs: () => number;
  readonly render: Render;
  readonly signal: AbortSignal;
}

/** A fetch of a large repository fits in; what takes longer hangs. */
const callMs = 60_000;

/** The surroundings of a command that a person or a workflow started. */
export function realSurroundings(
  given: Pick<Surroundings, 'directory' | 'remote' | 'withinMs' | 'signal'>,
): Surroundings {
  return { ...given, callMs, clock: machineClock, dateMs: Date.now, render: renderByTree };
}

/** Time and chance, as a race needs them. */
export interface Clock {
  nowMs(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Ends early, and without an error, when the signal says to stop: whatever comes next says so. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own. */
export const machineClock: Clock = {
  nowMs: () => performance.now(),
  random: Math.random,
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

// About as long as an attempt takes: shorter pauses would leave those who lost together in step.
const firstMs = 1_000;
const longestMs = 8_000;

/**
 * How long to wait before the next attempt, in milliseconds: any moment up to a bound that doubles. Those who lost together would
 * meet again if they waited equally long (AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter).
 */
export function pauseMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** attempt);
}
