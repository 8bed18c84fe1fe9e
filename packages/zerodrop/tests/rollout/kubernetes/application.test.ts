import { expect, test } from 'vitest';
import { type Application, applicationObservation } from '../../../src/rollout/kubernetes/objects.ts';

const metadata = { uid: '1', resourceVersion: '1', name: 'web-staging' };
const commit = 'a'.repeat(40);

test('an application that Argo CD has not looked at is unknown', () => {
  expect(applicationObservation({ metadata })).toEqual({
    sync: 'Unknown',
    health: 'Unknown',
    revision: null,
    pending: false,
    phase: null,
    phaseRevision: null,
    message: null,
    conditions: [],
  });
});

test('what it says of the commit and of the last operation is kept apart', () => {
  const application: Application = {
    metadata,
    operation: { sync: {} },
    status: {
      sync: { status: 'OutOfSync', revision: commit },
      health: { status: 'Progressing' },
      conditions: [{ type: 'ComparisonError', message: 'field is immutable' }],
      operationState: { phase: 'Failed', message: 'one sync task failed', syncResult: { revision: 'b'.repeat(40) } },
    },
  };

  expect(applicationObservation(application)).toEqual({
    sync: 'OutOfSync',
    health: 'Progressing',
    revision: commit,
    pending: true,
    phase: 'Failed',
    phaseRevision: 'b'.repeat(40),
    message: 'one sync task failed',
    conditions: [{ type: 'ComparisonError', message: 'field is immutable' }],
  });
});

test('an operation without a result is about the commit that it was asked for', () => {
  const operationState = { phase: 'Error', operation: { sync: { revision: commit } } } as const;

  expect(applicationObservation({ metadata, status: { operationState } }).phaseRevision).toBe(commit);
});

test('an empty revision is none', () => {
  expect(applicationObservation({ metadata, status: { sync: { revision: '' } } }).revision).toBeNull();
});

test('the branch that stands in the place of a commit, where the manifests could not be read, is none', () => {
  const status = {
    sync: { status: 'Unknown', revision: 'main' },
    operationState: { phase: 'Error', syncResult: { revision: '' }, operation: { sync: { revision: 'HEAD' } } },
  } as const;

  expect(applicationObservation({ metadata, status })).toMatchObject({ revision: null, phaseRevision: null });
});

test('an operation that runs and has refused nothing is no failure', () => {
  const resources = [{ kind: 'Service', name: 'web', status: 'Synced' }];
  const operationState = { phase: 'Running', message: 'waiting', syncResult: { revision: commit, resources } } as const;

  expect(applicationObservation({ metadata, status: { operationState } })).toMatchObject({
    phase: 'Running',
    message: 'waiting',
  });
});

test('times are those of the cluster', () => {
  const health = { status: 'Healthy', lastTransitionTime: '2026-01-01T00:00:01Z' } as const;
  const operationState = { startedAt: '2026-01-01T00:00:02Z' };

  expect(applicationObservation({ metadata, status: { health, operationState } })).toMatchObject({
    healthSince: Date.UTC(2026, 0, 1, 0, 0, 1),
    phaseStartedAt: Date.UTC(2026, 0, 1, 0, 0, 2),
  });
});

test('a denied kind is a failure at once, though Argo CD goes on trying', () => {
  const message = 'resource rbac.authorization.k8s.io:ClusterRole is not permitted in project web';
  const resources = [
    { kind: 'ClusterRole', name: 'admin', status: 'SyncFailed', message },
    { kind: 'Service', name: 'web', status: 'Synced', message: 'serverside-applied' },
  ];
  const operationState = {
    phase: 'Running',
    message: 'one or more synchronization tasks are not valid. Retrying attempt #1 at 21:27:58Z.',
    syncResult: { revision: commit, resources },
  } as const;

  expect(applicationObservation({ metadata, status: { operationState } })).toMatchObject({
    phase: 'Failed',
    phaseRevision: commit,
    message: `ClusterRole admin: ${message}`,
  });
});
