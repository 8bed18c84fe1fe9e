import { expect, test } from 'vitest';
import { readManifests } from '../../../../src/rehearse/embedded/argo-cd/committed.ts';

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } };
const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'all' } };

async function read(...values: readonly unknown[]) {
  const documents = values.map((value, index) => ({ source: `m/web.yaml, document ${index + 1}`, value }));
  return readManifests(documents, 'staging', ({ kind }) =>
    kind === 'Bad' ? ['spec.repliccas: field not declared in schema'] : [],
  );
}

test('puts an object without a namespace into that of the Application, and none of the cluster', async () => {
  const { manifests, refusals } = await read(service, role);
  expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['staging', undefined]);
  expect(refusals).toEqual([]);
});

test.each([
  [{ apiVersion: 'v1', metadata: { name: 'web' } }, 'm/web.yaml, document 1 has no kind'],
  [{ kind: 'Service', metadata: { name: 'web' } }, 'm/web.yaml, document 1 has no apiVersion'],
  [{ apiVersion: 'v1', kind: 'Service' }, 'm/web.yaml, document 1 has no metadata.name'],
  ['text', 'm/web.yaml, document 1 has no fields'],
])('refuses what Argo CD would skip and prune: %j', async (value, words) => {
  expect((await read(value)).refusals).toEqual([`${words}: what it stands for would be pruned without a word.`]);
});

test('refuses a second definition of the same object, also where only one says its namespace', async () => {
  const spelledOut = { ...service, metadata: { name: 'web', namespace: 'staging' } };
  expect((await read(service, spelledOut)).refusals).toEqual([
    'm/web.yaml, document 2 defines Service/web a second time.',
  ]);
});

test('passes on what validation says', async () => {
  expect((await read({ apiVersion: 'v1', kind: 'Bad', metadata: { name: 'x' } })).refusals).toEqual([
    'm/web.yaml, document 1: spec.repliccas: field not declared in schema',
  ]);
});
