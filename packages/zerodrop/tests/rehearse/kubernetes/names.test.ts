import { expect, test } from 'vitest';
import { playNames, randomSuffix } from '../../../src/rehearse/kubernetes/owner.ts';

test('every name of a play says whose it is, and fits where Kubernetes wants a label', () => {
  const { own } = playNames('a'.repeat(40), 'k3f9ab');

  expect(own).toBe(`${'a'.repeat(40)}-rehearsal-k3f9ab`);
  expect(own.length).toBeLessThanOrEqual(63);
});

test('two plays get different suffixes', () => {
  const suffixes = Array.from({ length: 50 }, randomSuffix);

  expect(new Set(suffixes).size).toBe(50);
  expect(suffixes.every((suffix) => /^[a-z0-9]{6}$/.test(suffix))).toBe(true);
});
