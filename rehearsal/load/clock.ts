/** Milliseconds since the epoch, with a fraction, from a clock that never steps back. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
