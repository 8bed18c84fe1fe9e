import { expect, test } from 'vitest';
import { objectProblems } from '../../../../apps/validation/objects.ts';
import { parseDocuments } from '../../../../rehearsal/embedded/sync/documents.ts';
import { readManifests } from '../../../../rehearsal/embedded/sync/refusals.ts';

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

test('refuses what server-side apply on a real cluster refuses', async () => {
  const text = `apiVersion: batch/v1
kind: CronJob
metadata: { name: clean, labels: { on: yes } }
spec:
  schedule: 0 3 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: clean, image: 'clean:v1', env: [{ name: A }, { name: A }] }]
`;
  const documents = parseDocuments({ path: 'm/clean.yaml', text });
  expect((await readManifests(documents, 'staging', objectProblems)).refusals).toEqual([
    // What YAML 1.1 reads there: neither the key nor the value is text.
    'm/clean.yaml: CronJob staging/clean: metadata.labels.true is true. Expected text in quotes.',
    'm/clean.yaml: CronJob staging/clean: spec.jobTemplate.spec.template.spec.containers[0].env has duplicate entries for key [name="A"]. Keep one of them.',
  ]);
});

test('refuses a pod, which a project permits only for it to be shown', async () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
  const documents = parseDocuments({ path: 'm/pod.yaml', text });
  expect((await readManifests(documents, 'staging', objectProblems)).refusals).toEqual([
    'm/pod.yaml: Pod staging/web: only the controllers of Kubernetes make a Pod. Commit the object that it is made of.',
  ]);
});
