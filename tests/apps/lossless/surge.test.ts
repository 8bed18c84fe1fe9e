import { expect, test } from 'vitest';
import { resolveSurge } from '../../../apps/lossless/surge.ts';

test('takes numbers as they are', () => {
  expect(resolveSurge(2, 1, 10)).toEqual({ maxSurge: 2, maxUnavailable: 1 });
});

test('rounds surge up and unavailable down', () => {
  expect(resolveSurge('25%', '25%', 10)).toEqual({ maxSurge: 3, maxUnavailable: 2 });
});

test('is exact where a percentage comes to whole pods', () => {
  expect(resolveSurge('7%', 0, 100)).toEqual({ maxSurge: 7, maxUnavailable: 0 });
});

test('lets one pod be missing where both come to nothing', () => {
  expect(resolveSurge('0%', '25%', 3)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  expect(resolveSurge(0, '10%', 3)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
});
