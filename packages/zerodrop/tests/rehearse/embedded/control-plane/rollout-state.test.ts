import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { rolloutState } from '../../../../src/rehearse/embedded/control-plane/views.ts';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
});

function deployment(image: string, condition?: { reason: string; message: string }): V1Deployment {
  return {
    metadata: { name: 'web', uid: 'd' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template(image) },
    status: { conditions: condition === undefined ? [] : [{ type: 'Progressing', status: 'False', ...condition }] },
  };
}

function replicaSet(image: string, asked: number, there: number, available = there): V1ReplicaSet {
  const labels = { app: 'web', 'pod-template-hash': image };
  return {
    metadata: {
      name: `web-${image}`,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd' }],
    },
    spec: {
      replicas: asked,
      selector: { matchLabels: labels },
      template: { ...template(image), metadata: { labels } },
    },
    status: { replicas: there, readyReplicas: available, availableReplicas: available },
  };
}

function late(set: string) {
  return { reason: 'ProgressDeadlineExceeded', message: `ReplicaSet "${set}" has timed out progressing.` };
}

test('is settled when the newest template has every replica and no other has any', () => {
  const state = rolloutState(deployment('v2'), [replicaSet('v1', 0, 0), replicaSet('v2', 3, 3)]);
  expect(state).toMatchObject({
    seen: true,
    pods: 3,
    deployment: { image: 'v2', replicas: 3, updated: 3, ready: 3, available: 3, settled: true, failure: null },
  });
});

test.each([
  ['the controller has not seen the template', [replicaSet('v1', 3, 3)]],
  ['the newest set is not asked for every replica', [replicaSet('v2', 2, 3)]],
  ['a replica is not available', [replicaSet('v2', 3, 3, 2)]],
  ['an older set still has a pod', [replicaSet('v2', 3, 3), replicaSet('v1', 0, 1)]],
  ['an older set is still asked for one', [replicaSet('v2', 3, 3), replicaSet('v1', 1, 0)]],
])('is not settled while %s', (_, sets) => {
  expect(rolloutState(deployment('v2'), sets).deployment.settled).toBe(false);
});

test('counts ready pods of every set, and updated ones of the newest', () => {
  const {
    deployment: counted,
    pods,
    updatedAvailable,
  } = rolloutState(deployment('v2'), [replicaSet('v1', 2, 2), replicaSet('v2', 2, 2, 1)]);
  expect(counted).toMatchObject({ updated: 2, ready: 3, available: 3 });
  expect({ pods, updatedAvailable }).toEqual({ pods: 4, updatedAvailable: 1 });
});

test('leaves out the ReplicaSets of other Deployments', () => {
  const foreign = { ...replicaSet('v1', 5, 5), metadata: { name: 'other', ownerReferences: [] } };
  expect(rolloutState(deployment('v2'), [replicaSet('v2', 3, 3), foreign]).deployment.settled).toBe(true);
});

test('fails past the deadline, but not for what is left over from an older template', () => {
  const sets = [replicaSet('v1', 3, 3), replicaSet('v2', 1, 1, 0)];
  expect(rolloutState(deployment('v2', late('web-v2')), sets).deployment.failure).toBe('ProgressDeadlineExceeded');
  expect(rolloutState(deployment('v1', late('web-v2')), sets).deployment.failure).toBeNull();
});
