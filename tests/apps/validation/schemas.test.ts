import { expect, test } from 'vitest';
import { schemaProblems } from '../../../apps/validation/schemas.ts';

test('has no schema for a kind that is not rendered here', () => {
  expect(schemaProblems('v1', 'Secret', {})).toBeNull();
});

test('points at what is missing', () => {
  const document = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{}] } };
  expect(schemaProblems('v1', 'Service', document)).toEqual([
    { pointer: '/spec/ports/0', message: 'must have required property port' },
  ]);
});

test('says once what a value of several types may be', () => {
  const document = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { maxUnavailable: true },
  };
  expect(schemaProblems('policy/v1', 'PodDisruptionBudget', document)).toEqual([
    { pointer: '/spec/maxUnavailable', message: 'must be string or must be integer' },
  ]);
});

test.each([
  ['v1', 'Namespace'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['argoproj.io/v1alpha1', 'AppProject'],
  ['argoproj.io/v1alpha1', 'Application'],
])('takes a good document of %s %s', (apiVersion, kind) => {
  const spec = { selector: {}, template: {}, podSelector: {}, destination: {}, project: 'x' };
  expect(schemaProblems(apiVersion, kind, { apiVersion, kind, metadata: {}, spec })).toEqual([]);
});
