import { setTimeout as sleep } from 'node:timers/promises';

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
