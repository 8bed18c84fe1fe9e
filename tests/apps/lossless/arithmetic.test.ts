import { expect, test } from 'vitest';
import {
  balancerSeconds,
  resolveSurge,
  shortestDrainSeconds,
  shortestGraceSeconds,
  slowestPodSeconds,
} from '../../../apps/lossless/arithmetic.ts';

test.each(['node-port', 'cluster-ip', 'load-balancer'] as const)(
  'waits for 15 s behind a %s until somebody measures',
  (exposure) => {
    expect(shortestDrainSeconds({ exposure })).toBe(15);
    expect(shortestDrainSeconds({ exposure, externalTrafficPolicy: 'Local' })).toBe(15);
  },
);

test.each([
  [0, 5],
  [3, 5],
  [3.1, 6],
  [4, 6],
  [30, 32],
])('outlasts a measured lag of %s s by a margin: %s s', (endpointLagSeconds, seconds) => {
  expect(shortestDrainSeconds({ exposure: 'node-port', endpointLagSeconds })).toBe(seconds);
});

test('waits for a load balancer of layer 7 to look away, for as long as it was measured or reported', () => {
  expect(shortestDrainSeconds({ exposure: 'gateway' })).toBe(122);
  expect(shortestDrainSeconds({ exposure: 'gateway', endpointLagSeconds: 40 })).toBe(42);
  expect(balancerSeconds({ exposure: 'gateway' })).toBe(120);
  expect(balancerSeconds({ exposure: 'load-balancer', endpointLagSeconds: 40 })).toBe(0);
});

test('waits for health checks where the load balancer itself picks the nodes, however short the measured lag', () => {
  expect(
    shortestDrainSeconds({ exposure: 'load-balancer', externalTrafficPolicy: 'Local', endpointLagSeconds: 1 }),
  ).toBe(10);
});

test('gives a pod time to drain, to answer and to exit, in whole seconds', () => {
  expect(shortestGraceSeconds(5, 10)).toBe(20);
  expect(shortestGraceSeconds(0.5, 10)).toBe(16);
});

test('gives the sidecars of a pod their time after the service', () => {
  expect(shortestGraceSeconds(5, 10, 7)).toBe(27);
});

test('waits for no endpoint of a worker', () => {
  expect(shortestDrainSeconds({})).toBe(0);
});

test('counts the slowest start that the probes let pass, after what runs before it', () => {
  expect(slowestPodSeconds({ startupSeconds: 60, minReadySeconds: 5 })).toBe(67);
  expect(slowestPodSeconds({ startupSeconds: 60, minReadySeconds: 5, beforeSeconds: 30 })).toBe(97);
});

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
