import { expect, test } from 'vitest';
import { type Deployment, deploymentObservation } from '../../../src/rollout/kubernetes/pods.ts';
import { deployment as deploymentOf, replicaSet } from '../objects.ts';

const image = 'registry.example/web:v2@sha256:abc';

function deployment(generation: number, status: Deployment['status']): Deployment {
  return {
    metadata: { uid: '1', resourceVersion: '1', name: 'web', generation },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', image }] } } },
    ...(status === undefined ? {} : { status }),
  };
}

const complete = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const missed = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-7d9" has timed out progressing.',
};

test('a complete rollout is settled', () => {
  expect(deploymentObservation(deployment(2, { observedGeneration: 2, ...complete }), [])).toEqual({
    image,
    replicaSet: null,
    replicas: 3,
    updated: 3,
    ready: 3,
    available: 3,
    settled: true,
    failure: null,
  });
});

test('counts that the controller made for the spec before do not settle the new one', () => {
  expect(deploymentObservation(deployment(3, { observedGeneration: 2, ...complete }), []).settled).toBe(false);
});

test('a pod of another ReplicaSet is not settled', () => {
  const surged = { observedGeneration: 2, ...complete, replicas: 4 };

  expect(deploymentObservation(deployment(2, surged), []).settled).toBe(false);
});

test('a missed deadline is a failure, once it is about the newest spec', () => {
  const status = { ...complete, conditions: [missed] };

  expect(deploymentObservation(deployment(2, { observedGeneration: 2, ...status }), []).failure).toBe(
    'ProgressDeadlineExceeded: ReplicaSet "web-7d9" has timed out progressing',
  );
  expect(deploymentObservation(deployment(3, { observedGeneration: 2, ...status }), []).failure).toBeNull();
});

test('a Deployment that nobody has looked at has nothing', () => {
  expect(deploymentObservation(deployment(1, undefined), [])).toMatchObject({ updated: 0, ready: 0, settled: false });
});

test('its ReplicaSet is the one of its template, also where an older one comes back', () => {
  const [old, broken] = [
    { image, setting: 'good' },
    { image, setting: 'broken' },
  ];
  const sets = [replicaSet(old), replicaSet(broken)];
  expect(deploymentObservation(deploymentOf(broken), sets).replicaSet).toBe('web-v2-broken');
  expect(deploymentObservation(deploymentOf(old), sets).replicaSet).toBe('web-v2-good');
  expect(deploymentObservation(deploymentOf({ image, setting: 'new' }), sets).replicaSet).toBeNull();
  const foreign = {
    ...replicaSet(old),
    metadata: { ...replicaSet(old).metadata, ownerReferences: [{ uid: 'other' }] },
  };
  expect(deploymentObservation(deploymentOf(old), [foreign]).replicaSet).toBeNull();
});

test('says when its controller gave up', () => {
  const status = { ...complete, conditions: [{ ...missed, lastUpdateTime: '2026-01-01T00:00:07Z' }] };
  const { failedAt } = deploymentObservation(deployment(2, { observedGeneration: 2, ...status }), []);
  expect(failedAt).toBe(Date.UTC(2026, 0, 1, 0, 0, 7));
});

test('says what hinders it: a pause, or a quota', () => {
  const found = deployment(2, { observedGeneration: 2, ...complete });
  const paused = { ...found, spec: { ...found.spec, paused: true } };
  expect(deploymentObservation(paused, []).hindrance).toBe('The Deployment is paused (spec.paused)');
  const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: pods' };
  const status = { observedGeneration: 2, ...complete, conditions: [refused] };
  expect(deploymentObservation(deployment(2, status), []).hindrance).toBe(
    'Kubernetes refuses its pods: FailedCreate: exceeded quota: pods',
  );
  const over = { ...status, conditions: [{ ...refused, status: 'False' }] };
  expect(deploymentObservation(deployment(2, over), []).hindrance).toBeUndefined();
});
