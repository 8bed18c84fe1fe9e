import { expect, test } from 'vitest';
import { dueRequest } from '../../../src/rehearse/load/schedule.ts';

test('each kind is due at a constant rate, the two half a period apart', () => {
  const shots = [0, 1, 2, 3, 4].map((n) => dueRequest(1_000, 100, n));

  expect(shots.map(({ dueAt }) => dueAt)).toEqual([1_000, 1_005, 1_010, 1_015, 1_020]);
  expect(shots.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
    'keep-alive 0',
    'new-connection 0',
    'keep-alive 1',
    'new-connection 1',
    'keep-alive 2',
  ]);
});

test('a rate that does not divide a second does not drift', () => {
  expect(dueRequest(0, 3, 6 * 60).dueAt).toBeCloseTo(60_000, 6);
});
