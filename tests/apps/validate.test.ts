import { expect, test } from 'vitest';
import { folderProblems } from '../../apps/validate.ts';
import { changed, samples } from './validation/samples.ts';

const { Deployment, Service, ConfigMap, Namespace, AppProject, Application } = samples;
const folder = [Namespace, Deployment, Service, ConfigMap];

test('says nothing of a good folder', () => {
  expect(folderProblems(folder, 'web-production')).toEqual([]);
  expect(folderProblems([AppProject, Application], null)).toEqual([]);
});

test('says what is wrong with each object', () => {
  expect(folderProblems([changed('Deployment', 'spec/replicas', '3'), Service], 'web-production')).toEqual([
    "Deployment web-production/web: spec.replicas is '3'. Expected a whole number.",
  ]);
});

test('finds an object that is there twice', () => {
  expect(folderProblems([...folder, ConfigMap], 'web-production')).toEqual([
    'ConfigMap web-production/web: two objects have this kind and name, but Argo CD would apply only one of them. Rename or remove the other.',
  ]);
});

test('finds an object outside of the namespace that the application may write to', () => {
  expect(folderProblems([changed('ConfigMap', 'metadata/namespace', 'kube-system')], 'web-production')).toEqual([
    "ConfigMap kube-system/web: metadata.namespace is 'kube-system', but Argo CD may write only to web-production here. Use that.",
  ]);
  expect(folderProblems([changed('Namespace', 'metadata/name', 'kube-public')], 'web-production')).toEqual([
    'Namespace kube-public: Argo CD may make only the namespace web-production here. Remove it.',
  ]);
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'web' } };
  expect(folderProblems([role], 'web-production')).toEqual([
    'ClusterRole web: is of the whole cluster, but Argo CD may make only the namespace web-production there. Leave it to who runs the cluster.',
  ]);
});

test('finds a port that no container of the pods has', () => {
  const named = changed('Service', 'spec/ports/0/targetPort', 'http');
  expect(folderProblems([Deployment, named], 'web-production')).toEqual([]);
  const renamed = changed('Service', 'spec/ports/0/targetPort', 'web');
  expect(folderProblems([Deployment, renamed], 'web-production')).toEqual([
    "Service web-production/web: spec.ports[0].targetPort is 'web', but no container of its pods has a port of that name. Use one of theirs.",
  ]);
  // Its pods may be made elsewhere.
  expect(folderProblems([renamed], 'web-production')).toEqual([]);
});

test.each([
  [null, 'A document is no object. Remove it, or give it apiVersion, kind and metadata.'],
  ['text', 'A document is no object.'],
  [[], 'A document is no object.'],
  [
    { metadata: { name: 'web' } },
    'A document web: has no apiVersion and kind, so nobody can tell what it is. Add them.',
  ],
])('says of %j that it is no object', (document, words) => {
  expect(folderProblems([document], null)).toEqual([expect.stringContaining(words)]);
});

test('judges of a kind of somebody else its metadata alone', () => {
  const secret = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'web' },
    spec: { any: 1 },
  };
  expect(folderProblems([secret], 'web-production')).toEqual([]);
  expect(folderProblems([{ ...secret, metadata: { name: 'Web', labels: { on: true } } }], 'web-production')).toEqual([
    expect.stringContaining("ExternalSecret Web: metadata.name is 'Web'. Expected lower case letters"),
    'ExternalSecret Web: metadata.labels.on is true. Expected text in quotes.',
  ]);
});
