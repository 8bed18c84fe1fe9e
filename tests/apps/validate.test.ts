import { expect, test } from 'vitest';
import { validate } from '../../apps/validate.ts';

function deployment(): Record<string, unknown> {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'production' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:v1' }] },
      },
    },
  };
}

function changed(change: (spec: Record<string, unknown>) => void): Record<string, unknown> {
  const document = deployment();
  change(document['spec'] as Record<string, unknown>);
  return document;
}

function application(refresh: unknown): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { project: 'web', destination: {}, syncPolicy: { retry: { refresh } } },
  };
}

test('says nothing of a good document', () => {
  expect(validate(deployment())).toEqual([]);
});

test('names the object, the field and what is wrong with it', () => {
  expect(validate(changed((spec) => (spec['replicas'] = '3')))).toEqual([
    'Deployment production/web: spec.replicas must be integer.',
  ]);
});

test('finds a field that no schema knows, in the words of the API server', () => {
  expect(validate(changed((spec) => (spec['replica'] = 3)))).toEqual([
    'Deployment production/web: spec.replica: field not declared in schema.',
  ]);
});

test('takes a field that is only newer than the schema, and looks at its type', () => {
  expect(validate(application(true))).toEqual([]);
  expect(validate(application('true'))).toEqual(['Application web: spec.syncPolicy.retry.refresh must be boolean.']);
});

test('says what an API server would find beyond the schema', () => {
  expect(validate(changed((spec) => (spec['selector'] = { matchLabels: { app: 'api' } })))).toEqual([
    'Deployment production/web: spec.selector selects app=api, which the pods of spec.template do not carry.',
  ]);
});

test.each([
  [null, 'A document is no object.'],
  ['text', 'A document is no object.'],
  [[], 'A document is no object.'],
  [
    { metadata: { name: 'web' }, spec: {} },
    'A document web: has no apiVersion and kind, so nobody can tell what it is.',
  ],
  [
    { apiVersion: 'v1', kind: 'Gadget', metadata: { name: 'x' } },
    'Gadget x: v1 Gadget is not a kind that is known here.',
  ],
  [{ apiVersion: 'apps/v2', kind: 'Deployment' }, 'Deployment: apps/v2 Deployment is not a kind that is known here.'],
])('says of %j what it is not', (document, sentence) => {
  expect(validate(document)).toEqual([sentence]);
});
