import { describe, expect, test } from 'vitest';
import { hopeless, isComplete, isLastOldPodGone, isSynced } from '../../rollout/rolled-out.ts';
import type { Standing } from '../../rollout/standing.ts';

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
  replicas: 3,
  updated: 3,
  ready: 3,
  available: 3,
  settled: true,
  failure: null,
} as const;
const pod = { name: 'web-1', replicaSet: 'web-b', image: 'web:v2', state: 'ready' } as const;
const done: Standing = { application, deployment, pods: [pod] };

describe('a rollout is complete', () => {
  test('when Argo CD and the Deployment both say so', () => {
    expect(isSynced(done, awaited)).toBe(true);
    expect(isComplete(done, awaited)).toBe(true);
  });

  test.each<[string, Standing]>([
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
  ])('but not when %s', (_, standing) => {
    expect(isComplete(standing, awaited)).toBe(false);
  });
});

test('the last old pod is gone when even the draining ones are', () => {
  expect(isLastOldPodGone(done, awaited)).toBe(true);
  expect(isLastOldPodGone({ ...done, pods: [pod, { ...pod, state: 'terminating' }] }, awaited)).toBe(false);
  expect(isLastOldPodGone({ ...done, pods: [pod, { ...pod, image: 'web:v1' }] }, awaited)).toBe(false);
});

describe('there is no hope', () => {
  test.each<[string, Standing, string]>([
    [
      'when the comparison fails',
      {
        ...done,
        application: { ...application, conditions: [{ type: 'ComparisonError', message: 'field is immutable' }] },
      },
      'Argo CD says ComparisonError: field is immutable',
    ],
    [
      'when the sync of this commit failed',
      { ...done, application: { ...application, phase: 'Failed', message: 'not permitted' } },
      "Argo CD's sync ended Failed: not permitted",
    ],
    ['when it is Degraded', { ...done, application: { ...application, health: 'Degraded' } }, 'Degraded'],
    [
      'when the deadline is missed',
      { ...done, deployment: { ...deployment, failure: 'ProgressDeadlineExceeded' } },
      'The Deployment says ProgressDeadlineExceeded.',
    ],
    ['when a new pod fails', { ...done, pods: [{ ...pod, state: 'failed' }] }, 'Pod web-1 of web:v2 fails.'],
  ])('%s', (_, standing, sentence) => {
    expect(hopeless(standing, awaited)).toContain(sentence);
  });

  test('but not because of a sync that failed for another commit', () => {
    const before = { ...application, phase: 'Failed', phaseRevision: 'a'.repeat(40) } as const;
    expect(hopeless({ ...done, application: before }, awaited)).toBeNull();
  });

  test('and not while all is well', () => {
    expect(hopeless(done, awaited)).toBeNull();
  });
});
