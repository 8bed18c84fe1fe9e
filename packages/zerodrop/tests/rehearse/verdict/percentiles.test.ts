import { expect, test } from 'vitest';
import { percentiles } from '../../../src/rehearse/verdict/samples.ts';

test('nearest rank, whatever the order', () => {
  const values = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect(percentiles(values)).toEqual({ p50: 100, p99: 198, max: 200 });
});

test('one value is all of them, to a tenth', () => {
  expect(percentiles([1.26])).toEqual({ p50: 1.3, p99: 1.3, max: 1.3 });
});

test('nothing to rank is 0', () => {
  expect(percentiles([])).toEqual({ p50: 0, p99: 0, max: 0 });
});
