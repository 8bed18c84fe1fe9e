import { expect, test } from 'vitest';
import { podBoundMs, podTiming, slowestPodSeconds } from '../../../apps/lossless/rollout-time.ts';

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
