import type { Percentiles } from '../report/schema.ts';

/** Median, 99th percentile and maximum by nearest rank, to a tenth; all 0 where there is nothing to rank. */
export function percentiles(values: readonly number[]): Percentiles {
  const ranked = values.toSorted((a, b) => a - b);
  const at = (share: number): number => tenth(ranked[Math.ceil(share * ranked.length) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
