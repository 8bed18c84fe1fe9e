import { expect, test } from 'vitest';
import { type Deployment, deploymentObservation } from '../../../rollout/kubernetes/deployment.ts';

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
  expect(deploymentObservation(deployment(2, { observedGeneration: 2, ...complete }))).toEqual({
    image,
    replicas: 3,
    updated: 3,
    ready: 3,
    available: 3,
    settled: true,
    failure: null,
  });
});

test('counts that the controller made for the spec before do not settle the new one', () => {
  expect(deploymentObservation(deployment(3, { observedGeneration: 2, ...complete })).settled).toBe(false);
});

test('a pod of another ReplicaSet is not settled', () => {
  const surged = { observedGeneration: 2, ...complete, replicas: 4 };

  expect(deploymentObservation(deployment(2, surged)).settled).toBe(false);
});

test('a missed deadline is a failure, once it is about the newest spec', () => {
  const status = { ...complete, conditions: [missed] };

  expect(deploymentObservation(deployment(2, { observedGeneration: 2, ...status })).failure).toBe(
    'ProgressDeadlineExceeded: ReplicaSet "web-7d9" has timed out progressing',
  );
  expect(deploymentObservation(deployment(3, { observedGeneration: 2, ...status })).failure).toBeNull();
});

test('a Deployment that nobody has looked at has nothing', () => {
  expect(deploymentObservation(deployment(1, undefined))).toMatchObject({ updated: 0, ready: 0, settled: false });
});
