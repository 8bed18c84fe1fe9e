import type { Sample } from '../load/sample.ts';
import type { Percentiles } from '../report/schema.ts';

/** Groups values by a key, in the order of first occurrence. `Map.groupBy` does the same from Node 21 on. */
export function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

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

/** Median, 99th percentile and maximum by nearest rank, to a tenth; all 0 where there is nothing to rank. */
export function percentiles(values: readonly number[]): Percentiles {
  const ranked = values.toSorted((a, b) => a - b);
  const at = (share: number): number => tenth(ranked[Math.ceil(share * ranked.length) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
