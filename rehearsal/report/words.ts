const numbers = new Intl.NumberFormat('en');

/** `6,412`. */
export function count(value: number): string {
  return numbers.format(value);
}

/** `1 request`, `2 requests`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `4.3 s`, from milliseconds; a dash where there is none. */
export function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}

/** `1.2 ms`. */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** `0 of 6,412`. */
export function outOf(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)}`;
}

/** `5 ECONNRESET, 2 HTTP 503`, the most frequent first. */
export function listed(counts: Readonly<Record<string, number>>, between = ', '): string {
  return Object.entries(counts)
    .toSorted(([a, left], [b, right]) => right - left || a.localeCompare(b, 'en'))
    .map(([what, times]) => `${count(times)} ${what}`)
    .join(between);
}

/** `the embedded cluster`, `the cluster of context kind-web`. */
export function targetName(target: string): string {
  return target.startsWith('context:')
    ? `the cluster of context ${target.slice('context:'.length)}`
    : `the ${target} cluster`;
}
