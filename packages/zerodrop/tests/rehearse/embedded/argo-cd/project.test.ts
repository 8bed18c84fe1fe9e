import { expect, test } from 'vitest';
import {
  denials,
  invalidSpec,
  readApplication,
  readProject,
} from '../../../../src/rehearse/embedded/argo-cd/application.ts';
import type { Manifest } from '../../../../src/rehearse/manifests/object.ts';

const server = 'https://kubernetes.default.svc';
const application = readApplication({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web-staging' },
  spec: {
    project: 'web',
    source: { repoURL: 'https://git.test/web', path: 'm' },
    destination: { server, namespace: 'staging' },
  },
});

function project(spec: object = {}) {
  return readProject({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'web' },
    spec: { sourceRepos: ['https://git.test/web'], destinations: [{ server, namespace: 'staging' }], ...spec },
  });
}

const object = (apiVersion: string, kind: string, name = 'web', namespace?: string): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

test('takes an Application from its repository into its namespace', () => {
  expect(invalidSpec(application, project())).toBeNull();
  expect(invalidSpec(application, project({ sourceRepos: ['https://git.test/*'] }))).toBeNull();
});

test('refuses another repository', () => {
  const words = "application repo https://git.test/web is not permitted in project 'web'";
  expect(invalidSpec(application, project({ sourceRepos: ['https://git.test/we'] }))).toBe(words);
  expect(invalidSpec(application, project({ sourceRepos: ['*', '!https://git.test/web'] }))).toBe(words);
});

test('refuses another destination', () => {
  expect(invalidSpec(application, project({ destinations: [{ server, namespace: 'production' }] }))).toBe(
    `application destination server '${server}' and namespace 'staging' do not match any of the allowed destinations in project 'web'`,
  );
});

test('permits every kind of a namespace where none is listed, and none of the cluster', () => {
  const asked = [object('apps/v1', 'Deployment'), object('v1', 'Namespace', 'staging')];
  expect(denials(asked, application, project())).toEqual(['resource :Namespace is not permitted in project web']);
});

test('permits only the kinds and names that are listed', () => {
  const listed = project({
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'staging' }],
    namespaceResourceWhitelist: [{ group: 'apps', kind: '*' }],
  });
  const asked = [
    object('v1', 'Namespace', 'staging'),
    object('v1', 'Namespace', 'kube-system'),
    object('apps/v1', 'Deployment'),
    object('v1', 'Secret', 'one'),
    object('v1', 'Secret', 'two'),
    object('rbac.authorization.k8s.io/v1', 'ClusterRole'),
  ];
  expect(denials(asked, application, listed)).toEqual([
    'resource :Namespace is not permitted in project web',
    'resource :Secret is not permitted in project web',
    'resource rbac.authorization.k8s.io:ClusterRole is not permitted in project web',
  ]);
});

test('denies what is on a blacklist', () => {
  const listed = project({ namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] });
  expect(denials([object('v1', 'Secret')], application, listed)).toHaveLength(1);
});

test('denies an object that says a namespace of its own', () => {
  expect(denials([object('apps/v1', 'Deployment', 'web', 'production')], application, project())).toEqual([
    "namespace production is not permitted in project 'web'",
  ]);
});
