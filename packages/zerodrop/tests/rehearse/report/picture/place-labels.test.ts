import { expect, test } from 'vitest';
import { placeLabels } from '../../../../src/rehearse/report/picture/frame.ts';

const at = (from: number, to: number) => ({ x: from, from, to });

test('the labels of one series go down step by step', () => {
  expect(placeLabels([[at(0, 10), at(20, 30), at(40, 50)]]).map(({ line }) => line)).toEqual([0, 1, 2]);
});

test('a second series starts at the top where there is room, and steps aside where there is none', () => {
  const lines = placeLabels([
    [at(0, 10), at(5, 60)],
    [at(20, 30), at(40, 50)],
  ]).map(({ line }) => line);
  expect(lines).toEqual([0, 1, 0, 2]);
});
