import { expect, test } from 'vitest';
import { shortestDrainSeconds, shortestGraceSeconds } from '../../../apps/lossless/drain.ts';

test.each(['node-port', 'cluster-ip', 'load-balancer'] as const)('waits for kube-proxy behind a %s', (exposure) => {
  expect(shortestDrainSeconds({ exposure })).toBe(5);
  expect(shortestDrainSeconds({ exposure, externalTrafficPolicy: 'Cluster' })).toBe(5);
});

test('waits for health checks where the load balancer itself picks the nodes', () => {
  expect(shortestDrainSeconds({ exposure: 'load-balancer', externalTrafficPolicy: 'Local' })).toBe(10);
});

test.each([
  [0, 5],
  [3, 5],
  [3.1, 6],
  [4, 6],
  [30, 32],
])('outlasts a measured lag of %s s by a margin: %s s', (endpointLagSeconds, seconds) => {
  expect(shortestDrainSeconds({ exposure: 'node-port', endpointLagSeconds })).toBe(seconds);
});

test('never lets a measured lag shorten the drain', () => {
  expect(
    shortestDrainSeconds({ exposure: 'load-balancer', externalTrafficPolicy: 'Local', endpointLagSeconds: 1 }),
  ).toBe(10);
});

test('gives a pod time to drain, to answer and to exit, in whole seconds', () => {
  expect(shortestGraceSeconds(5, 10)).toBe(20);
  expect(shortestGraceSeconds(0.5, 10)).toBe(16);
});
