import { expect, test } from 'vitest';
import { podBoundMs, podTiming, rolloutBoundMs, slowestPodSeconds } from '../../../apps/lossless/rollout-time.ts';

const pod = { startupMs: 1_500, startupPeriodMs: 0, readinessPeriodMs: 1_000, minReadyMs: 1_000 };

test('replaces three pods one by one', () => {
  expect(rolloutBoundMs(3, 1, 0, pod)).toBe(10_500);
});

test('replaces the last, incomplete wave in full time', () => {
  expect(rolloutBoundMs(10, 3, 2, pod)).toBe(7_000);
  expect(rolloutBoundMs(11, 3, 2, pod)).toBe(10_500);
});

test('charges a period of each probe', () => {
  const timing = podTiming({ probes: 'all', minReadySeconds: 5 }, 1_500);
  expect(timing).toEqual({ startupMs: 1_500, startupPeriodMs: 1_000, readinessPeriodMs: 1_000, minReadyMs: 5_000 });
  expect(podBoundMs(timing)).toBe(8_500);
});

test('charges no start where no probe waits for it', () => {
  expect(podBoundMs(podTiming({ probes: 'liveness-only', minReadySeconds: 0 }, 1_500))).toBe(0);
});

test('counts the slowest start that the startup probe lets pass', () => {
  expect(slowestPodSeconds({ startupSeconds: 60, minReadySeconds: 5 })).toBe(67);
});
