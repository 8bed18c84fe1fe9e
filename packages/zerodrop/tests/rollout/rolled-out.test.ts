import { describe, expect, test } from 'vitest';
import { isComplete, isLastOldPodGone, isSynced, type RolloutState } from '../../src/rollout/watch.ts';

const commit = 'b'.repeat(40);
const awaited = { commit, image: 'web:v2' };
const application = {
  kind: 'application',
  sync: 'Synced',
  health: 'Healthy',
  revision: commit,
  pending: false,
  phase: 'Succeeded',
  phaseRevision: commit,
  message: null,
  conditions: [],
} as const;
const deployment = {
  kind: 'deployment',
  image: 'web:v2',
  replicaSet: 'web-b',
  replicas: 3,
  updated: 3,
  ready: 3,
  available: 3,
  settled: true,
  failure: null,
} as const;
const pod = { name: 'web-1', replicaSet: 'web-b', image: 'web:v2', state: 'ready' } as const;
const done: RolloutState = { application, deployment, pods: [pod] };

describe('a rollout is complete', () => {
  test('when Argo CD and the Deployment both say so', () => {
    expect(isSynced(done, awaited)).toBe(true);
    expect(isComplete(done, awaited)).toBe(true);
  });

  test.each<[string, RolloutState]>([
    ['the status is about the commit before', { ...done, application: { ...application, revision: 'a'.repeat(40) } }],
    ['it is out of sync', { ...done, application: { ...application, sync: 'OutOfSync' } }],
    ['it is progressing', { ...done, application: { ...application, health: 'Progressing' } }],
    ['an operation is asked for', { ...done, application: { ...application, pending: true } }],
    ['an operation runs', { ...done, application: { ...application, phase: 'Running' } }],
    [
      'a condition is an error',
      { ...done, application: { ...application, conditions: [{ type: 'SyncError', message: '' }] } },
    ],
    ['the Deployment still has the old image', { ...done, deployment: { ...deployment, image: 'web:v1' } }],
    ['a replica is not available', { ...done, deployment: { ...deployment, available: 2 } }],
    ['an old ReplicaSet has pods', { ...done, deployment: { ...deployment, settled: false } }],
    ['nothing was seen yet', { application: null, deployment: null, pods: [] }],
  ])('but not when %s', (_, state) => {
    expect(isComplete(state, awaited)).toBe(false);
  });
});

test('the last old pod is gone when even the draining ones are', () => {
  expect(isLastOldPodGone(done, awaited)).toBe(true);
  expect(isLastOldPodGone({ ...done, pods: [pod, { ...pod, state: 'terminating' }] }, awaited)).toBe(false);
  expect(isLastOldPodGone({ ...done, pods: [pod, { ...pod, image: 'web:v1' }] }, awaited)).toBe(false);
});

test('of a change of the replicas the Deployment and its pods tell apart from each other', () => {
  const scaled = { ...awaited, replicas: deployment.replicas };

  expect(isComplete(done, { ...scaled, replicas: scaled.replicas + 1 })).toBe(false);
  expect(isLastOldPodGone({ ...done, pods: Array.from({ length: scaled.replicas }, () => pod) }, scaled)).toBe(true);
  expect(isLastOldPodGone({ ...done, pods: Array.from({ length: scaled.replicas + 1 }, () => pod) }, scaled)).toBe(
    false,
  );
});

test('a template with the image that runs is told by its ReplicaSet', () => {
  const renewed = { ...awaited, notReplicaSet: deployment.replicaSet };

  expect(isComplete(done, awaited)).toBe(true);
  expect(isComplete(done, renewed)).toBe(false);
  expect(isComplete({ ...done, deployment: { ...deployment, replicaSet: 'web-c' } }, renewed)).toBe(true);
});

test('any image counts where none is named, and only the object that is looked at', () => {
  const other = { ...done, pods: [{ ...pod, image: 'web:v1' }], deployment: { ...deployment, image: 'web:v1' } };
  expect(isComplete(other, { commit, image: null })).toBe(true);
  expect(isLastOldPodGone(other, { commit, image: null })).toBe(true);
  expect(isComplete({ ...done, application: null }, { ...awaited, only: 'deployment' })).toBe(true);
  expect(isComplete({ ...done, deployment: null }, { ...awaited, only: 'application' })).toBe(true);
  const [late, paused] = [
    { ...done, application: { ...application, health: 'Progressing' as const }, deployment: null },
    { ...done, application: null, deployment: { ...deployment, settled: false } },
  ];
  expect(isComplete(late, { ...awaited, only: 'application' })).toBe(false);
  expect(isComplete(paused, { ...awaited, only: 'deployment' })).toBe(false);
});
