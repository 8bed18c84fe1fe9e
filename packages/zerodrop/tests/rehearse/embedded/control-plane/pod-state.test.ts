import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { podObservation, podState } from '../../../../src/rehearse/embedded/control-plane/views.ts';

function pod(state: V1ContainerState, isReady = false): V1Pod {
  const container = { name: 'web', image: 'web:1', imageID: '', ready: isReady, restartCount: 0, state };
  return {
    metadata: {
      name: 'web-1-a',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u' }],
    },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }], containerStatuses: [container] },
  };
}

test('names the pod, its ReplicaSet and its image', () => {
  expect(podObservation(pod({ running: {} }, true))).toEqual({
    name: 'web-1-a',
    replicaSet: 'web-1',
    image: 'web:1',
    state: 'ready',
  });
});

test('follows a pod to its readiness', () => {
  expect(podState({ metadata: {} })).toBe('pending');
  expect(podState(pod({ waiting: { reason: 'ContainerCreating' } }))).toBe('pending');
  expect(podState(pod({ running: {} }))).toBe('starting');
  expect(podState(pod({ running: {} }, true))).toBe('ready');
});

test.each(['ErrImagePull', 'ImagePullBackOff', 'CrashLoopBackOff'])('calls %s a failure', (reason) => {
  expect(podState(pod({ waiting: { reason } }))).toBe('failed');
});

test('calls a container that ended by itself failed unless it ended well', () => {
  expect(podState(pod({ terminated: { exitCode: 1 } }))).toBe('failed');
  expect(podState(pod({ terminated: { exitCode: 0 } }))).toBe('pending');
});

test('calls a deleted pod terminating, whatever else is true of it', () => {
  const deleted = pod({ running: {} }, true);
  expect(podState({ ...deleted, metadata: { deletionTimestamp: new Date() } })).toBe('terminating');
});
