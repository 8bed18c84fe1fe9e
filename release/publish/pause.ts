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
