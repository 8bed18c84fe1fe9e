import type { Sample } from '../load/sample.ts';

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
