import { expect, test } from 'vitest';
import { frameOf, timeShown } from '../../../../src/rehearse/report/picture/frame.ts';
import { neverUp, small } from '../reports.ts';

test('shows the load and what came after it, with a second on either side', () => {
  expect(timeShown(small)).toEqual([0, 20_000]);
});

test('shows the whole play where there was no load', () => {
  expect(timeShown(neverUp)).toEqual([0, 20_000]);
});

test('puts time from edge to edge, and cuts off what lies beyond', () => {
  const frame = frameOf('test', 1_058, [1_000, 2_000]);

  expect([1_000, 1_500, 2_000].map((atMs) => frame.x(atMs))).toEqual([44, 544, 1_044]);
  expect(frame.x(0)).toBe(44);
  expect(frame.x(9_000)).toBe(1_044);
});
