import { expect, test } from 'vitest';
import { podReached } from '../../../src/rehearse/embedded/cluster.ts';

test('a port that is used again leads to the pod that it had reached at the time', () => {
  const connections = [
    { port: 40_000, pod: 'web-1', at: 1_000 },
    { port: 40_000, pod: 'web-2', at: 5_000 },
  ];
  expect([900, 1_000, 4_900, 4_995, 9_000].map((at) => podReached(connections, at))).toEqual([
    undefined,
    'web-1',
    'web-1',
    'web-2',
    'web-2',
  ]);
});
