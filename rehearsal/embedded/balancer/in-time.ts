/** Hands on each value at its time, and none after a newer one. */
export function inTime<T>(handOn: (value: T) => void): (value: T, at: number) => void {
  let newest = Number.NEGATIVE_INFINITY;
  return (value, at) => {
    setTimeout(() => {
      // Timers that are overdue together may fire in any order: what is older must not come last.
      if (at < newest) return;
      newest = at;
      handOn(value);
    }, at - Date.now());
  };
}
