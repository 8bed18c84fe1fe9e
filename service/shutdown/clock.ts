/** The timers that a shutdown needs, passed in so that a test can turn the hands. */
export interface Clock {
  after(ms: number, run: () => void): void;
  every(ms: number, run: () => void): void;
}

export const systemClock: Clock = {
  after: (ms, run) => void setTimeout(run, ms),
  every: (ms, run) => void setInterval(run, ms),
};
