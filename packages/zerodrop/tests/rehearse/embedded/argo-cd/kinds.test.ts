import { expect, test } from 'vitest';
import { inOrder, isNamespaced, isRunnable } from '../../../../src/rehearse/manifests/object.ts';

const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'web' } });

test('applies a namespace before what is in it, and a Deployment after what it needs', () => {
  const kinds = ['Deployment', 'Custom', 'Service', 'Namespace', 'ServiceAccount'].map((kind) => object('v1', kind));
  expect(inOrder(kinds).map(({ kind }) => kind)).toEqual([
    'Namespace',
    'ServiceAccount',
    'Custom',
    'Service',
    'Deployment',
  ]);
});

test('knows what belongs to the cluster, and what can be run', () => {
  expect(isNamespaced(object('v1', 'Namespace'))).toBe(false);
  expect(isNamespaced(object('rbac.authorization.k8s.io/v1', 'ClusterRole'))).toBe(false);
  expect(isNamespaced(object('v1', 'Service'))).toBe(true);
  // A kind of this name that somebody defined.
  expect(isNamespaced(object('example.com/v1', 'Node'))).toBe(true);
  expect(isRunnable(object('apps/v1', 'Deployment'))).toBe(true);
  expect(isRunnable(object('serving.knative.dev/v1', 'Service'))).toBe(false);
  expect(isRunnable(object('policy/v1', 'PodDisruptionBudget'))).toBe(false);
});
