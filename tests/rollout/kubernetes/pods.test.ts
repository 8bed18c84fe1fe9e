import { expect, test } from 'vitest';
import { isOver, type ContainerStatus, type Pod, podObservation, podState } from '../../../rollout/kubernetes/pods.ts';

const image = 'registry.example/web:v2@sha256:abc';

function pod(status: Pod['status'], metadata: Partial<Pod['metadata']> = {}): Pod {
  const owner = { kind: 'ReplicaSet', name: 'web-7d9' };
  return {
    metadata: { uid: '1', resourceVersion: '1', name: 'web-7d9-x', ownerReferences: [owner], ...metadata },
    spec: { containers: [{ name: 'web', image }] },
    ...(status === undefined ? {} : { status }),
  };
}

function container(state: ContainerStatus['state'], restartCount = 0): Pod['status'] {
  return {
    phase: 'Running',
    containerStatuses: [{ name: 'web', restartCount, ...(state === undefined ? {} : { state }) }],
  };
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

test('a pod tells its name, ReplicaSet, image and state', () => {
  expect(podObservation(pod({ phase: 'Pending' }), 'web')).toEqual({
    name: 'web-7d9-x',
    replicaSet: 'web-7d9',
    image,
    state: 'pending',
  });
});

test('a container that a mesh has put before that of the service is not taken for it', () => {
  const meshed = pod({ phase: 'Pending' });
  const proxy = { name: 'proxy', image: 'proxy:v1' };

  expect(podObservation({ ...meshed, spec: { containers: [proxy, { name: 'web', image }] } }, 'web').image).toBe(image);
  expect(podObservation({ ...meshed, spec: { containers: [proxy] } }, 'web').image).toBe('proxy:v1');
});

test.each<[string, Pod['status'], string]>([
  ['made and not seen by a kubelet', undefined, 'pending'],
  ['pulling its image', container({ waiting: { reason: 'ContainerCreating' } }), 'pending'],
  ['running and not ready', container({ running: {} }), 'starting'],
  ['running and ready', { ...container({ running: {} }), ...ready }, 'ready'],
  ['crashed for the first time', container({ terminated: { exitCode: 1 } }), 'pending'],
  ['crashing again and again', container({ waiting: { reason: 'CrashLoopBackOff' } }, 2), 'failed'],
  ['without its image', container({ waiting: { reason: 'ErrImagePull' } }), 'failed'],
  [
    'preparing and failing at it',
    { initContainerStatuses: [{ name: 'init', restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
    'failed',
  ],
  ['waiting to pull again', container({ waiting: { reason: 'ImagePullBackOff' } }), 'failed'],
])('a pod that is %s', (_, status, state) => {
  expect(podState(pod(status))).toBe(state);
});

test('a pod that was evicted is over, one that crashes or is being deleted is not', () => {
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };

  expect(isOver(pod({ phase: 'Failed' }))).toBe(true);
  expect(isOver(pod(container({ waiting: { reason: 'CrashLoopBackOff' } }, 2)))).toBe(false);
  expect(isOver(pod({ phase: 'Failed' }, deleted))).toBe(false);
});

test('a pod that is being deleted is terminating, ready or not', () => {
  const deleted = pod({ ...container({ running: {} }), ...ready }, { deletionTimestamp: '2026-01-01T00:00:00Z' });

  expect(podState(deleted)).toBe('terminating');
});
