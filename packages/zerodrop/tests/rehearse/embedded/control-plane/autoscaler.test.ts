import { expect, test } from 'vitest';
import { withinBounds } from '../../../../src/rehearse/embedded/control-plane/autoscaler.ts';

test('without a metric an autoscaler keeps to its bounds, and one that is switched off stays so', () => {
  expect([0, 1, 2, 5, 6, 9].map((replicas) => withinBounds(replicas, 2, 6))).toEqual([0, 2, 2, 5, 6, 6]);
  expect(withinBounds(0, 0, 6)).toBe(0);
});
