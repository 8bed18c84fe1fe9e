import { expect, test } from 'vitest';
import { runs } from '../../../../src/rehearse/report/picture/frame.ts';

test('finds each stretch of neighbours', () => {
  expect(runs([2, 4, 1, 6, 3, 8, 10, 12], (n) => n % 2 === 0)).toEqual([
    [2, 4],
    [6, 6],
    [8, 12],
  ]);
});
