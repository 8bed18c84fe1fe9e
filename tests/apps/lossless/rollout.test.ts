import { expect, test } from 'vitest';
import { rollout } from '../../../apps/lossless/rollout.ts';

const asked = { replicas: 3, exposure: 'load-balancer' } as const;

test('works every number out from replicas and exposure', () => {
  expect(rollout(asked)).toEqual({
    replicas: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    minReadySeconds: 5,
    startupSeconds: 60,
    longestRequestSeconds: 10,
    drainSeconds: 5,
    terminationGracePeriodSeconds: 20,
    progressDeadlineSeconds: 120,
    probes: 'all',
    unchecked: null,
  });
});

test('follows a longer lag and a longer request with drain and grace', () => {
  expect(rollout({ ...asked, endpointLagSeconds: 20, longestRequestSeconds: 60 })).toMatchObject({
    drainSeconds: 22,
    terminationGracePeriodSeconds: 87,
  });
});

test('follows a slow start with the deadline', () => {
  expect(rollout({ ...asked, startupSeconds: 300 })).toMatchObject({ progressDeadlineSeconds: 337 });
});

test('writes percentages as pods', () => {
  expect(rollout({ ...asked, replicas: 10, maxSurge: '25%' })).toMatchObject({ maxSurge: 3, maxUnavailable: 0 });
});

test('takes unchecked values as they stand, and keeps why', () => {
  const unchecked = {
    because: 'the baseline of a rehearsal',
    maxUnavailable: 1,
    minReadySeconds: 0,
    drainSeconds: 0,
    probes: 'liveness-only',
  } as const;
  expect(rollout({ ...asked, unchecked })).toMatchObject({
    maxSurge: 1,
    maxUnavailable: 1,
    minReadySeconds: 0,
    drainSeconds: 0,
    terminationGracePeriodSeconds: 15,
    probes: 'liveness-only',
    unchecked: 'the baseline of a rehearsal',
  });
});

test('gives a drain that is unchecked and longer its grace period', () => {
  expect(rollout({ ...asked, unchecked: { because: 'x', drainSeconds: 30 } })).toMatchObject({
    drainSeconds: 30,
    terminationGracePeriodSeconds: 45,
  });
});
