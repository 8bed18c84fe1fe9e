import { expect, test } from 'vitest';
import { rollout } from '../../../apps/lossless/problems.ts';

const asked = { replicas: 3, exposure: 'load-balancer' } as const;

test('works every number out from replicas and exposure', () => {
  expect(rollout(asked)).toEqual({
    replicas: 3,
    pods: [3, 3],
    maxSurge: 1,
    maxUnavailable: 0,
    minReadySeconds: 5,
    startupSeconds: 60,
    longestSeconds: 10,
    drainSeconds: 15,
    sidecarSeconds: 0,
    beforeSeconds: 0,
    terminationGracePeriodSeconds: 30,
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

test('leaves shares to Kubernetes, which takes them of as many pods as there are', () => {
  expect(rollout({ ...asked, replicas: 10, maxSurge: '25%' })).toMatchObject({ maxSurge: '25%', maxUnavailable: 0 });
});

test('leaves the number of pods to an autoscaler', () => {
  const { replicas: _, ...exposed } = asked;
  expect(rollout({ ...exposed, autoscale: { min: 2, max: 9 } })).toMatchObject({ replicas: null, pods: [2, 9] });
  expect(rollout({ ...asked, autoscale: { min: 2, max: 9 } })).toMatchObject({ replicas: 3, pods: [2, 9] });
});

test('waits for the longest job of a worker, which nobody sends requests to', () => {
  expect(rollout({ replicas: 1, longestJobSeconds: 600 })).toMatchObject({
    drainSeconds: 0,
    terminationGracePeriodSeconds: 605,
  });
});

test('gives a hook that drains its time before the longest request', () => {
  expect(rollout({ ...asked, preStop: 'sleep' })).toMatchObject({
    drainSeconds: 15,
    terminationGracePeriodSeconds: 30,
  });
  expect(rollout({ ...asked, preStop: { exec: ['drain'], seconds: 30 } })).toMatchObject({
    drainSeconds: 30,
    terminationGracePeriodSeconds: 45,
  });
});

test('counts what starts before the service, and what ends after it', () => {
  const numbers = rollout({
    ...asked,
    initContainers: [{}, { seconds: 100 }],
    sidecars: [{ startupSeconds: 20, stopSeconds: 8 }, {}],
  });
  expect(numbers).toMatchObject({
    beforeSeconds: 180,
    sidecarSeconds: 13,
    terminationGracePeriodSeconds: 43,
    progressDeadlineSeconds: 277,
  });
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
