import { expect, test } from 'vitest';
import {
  type ContainerStatus,
  isOver,
  type Pod,
  podObservation,
  podState,
} from '../../../src/rollout/kubernetes/pods.ts';
import { podConditions } from '../objects.ts';

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

const ready = { conditions: podConditions(true) };

test('a pod tells its name, ReplicaSet, image, state and age', () => {
  const creationTimestamp = '2026-01-01T00:00:01Z';
  expect(podObservation(pod({ phase: 'Pending' }, { creationTimestamp }), 'web')).toEqual({
    name: 'web-7d9-x',
    replicaSet: 'web-7d9',
    image,
    state: 'pending',
    restarts: 0,
    createdAt: Date.UTC(2026, 0, 1, 0, 0, 1),
  });
});

test('a container that a mesh has put before that of the service is not taken for it', () => {
  const meshed = pod({ phase: 'Pending' });
  const proxy = { name: 'proxy', image: 'proxy:v1' };

  expect(podObservation({ ...meshed, spec: { containers: [proxy, { name: 'web', image }] } }, 'web').image).toBe(image);
  expect(podObservation({ ...meshed, spec: { containers: [proxy] } }, 'web').image).toBe('proxy:v1');
});

function ran(second: number) {
  return { terminated: { exitCode: 1, startedAt: `2026-01-01T00:00:0${second}Z` } };
}

test('a pod tells the restarts of all its containers, and when the newest run that ended began', () => {
  const status: Pod['status'] = {
    containerStatuses: [
      { name: 'web', restartCount: 2, state: { running: {} }, lastState: ran(3) },
      { name: 'proxy', restartCount: 1, state: ran(5), lastState: ran(2) },
    ],
  };
  expect(podObservation(pod(status), 'web')).toMatchObject({
    restarts: 3,
    endedRunBeganAt: Date.UTC(2026, 0, 1, 0, 0, 5),
  });
});

const crashing = (restarts: number) => container({ waiting: { reason: 'CrashLoopBackOff' } }, restarts);

test('a pod that fails tells why', () => {
  expect(podObservation(pod(crashing(2)), 'web').failure).toBe('CrashLoopBackOff');
  expect(podObservation(pod(crashing(1)), 'web').failure).toBeUndefined();
});

test.each<[string, Pod['status'], string]>([
  ['made and not seen by a kubelet', undefined, 'pending'],
  ['pulling its image', container({ waiting: { reason: 'ContainerCreating' } }), 'pending'],
  ['running and not ready', { ...container({ running: {} }), conditions: podConditions(false) }, 'starting'],
  ['running and ready', { ...container({ running: {} }), ...ready }, 'ready'],
  ['crashed for the first time', container({ terminated: { exitCode: 1 } }), 'pending'],
  ['waiting after its first restart', container({ waiting: { reason: 'CrashLoopBackOff' } }, 1), 'pending'],
  ['without a Secret', container({ waiting: { reason: 'CreateContainerConfigError' } }), 'failed'],
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
