import { expect, test } from 'vitest';
import { pauseMs } from '../../../release/publish/race.ts';

test('doubles its bound, up to eight seconds', () => {
  expect([0, 1, 2, 3, 4, 40].map((attempt) => pauseMs(attempt, () => 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
  ]);
});

test('is any moment up to the bound', () => {
  expect([0, 0.25, 0.999].map((chance) => pauseMs(1, () => chance))).toEqual([0, 500, 1_998]);
});
