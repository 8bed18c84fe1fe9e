import { expect, test } from 'vitest';
import { isMadeByControllers, project, shownBelow } from '../../../apps/argo/project.ts';
import { project as sample, settings } from '../../settings/sample.ts';

test('permits the repository, the namespaces and the kinds of this service, and nothing else', () => {
  const kinds = [
    { group: '', kind: 'Service' },
    { group: 'apps', kind: 'Deployment' },
  ];
  expect(project(settings.repository, sample.targets, kinds)).toEqual({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'web', namespace: 'argocd' },
    spec: {
      description: 'What web is made of, in all of its environments.',
      sourceRepos: ['https://github.com/example/zerodrop'],
      destinations: [
        { server: 'https://kubernetes.default.svc', namespace: 'web-staging' },
        { server: 'https://kubernetes.default.svc', namespace: 'web-production' },
      ],
      destinationServiceAccounts: [
        {
          server: 'https://kubernetes.default.svc',
          namespace: 'web-staging',
          defaultServiceAccount: 'argocd:deploy-web-staging',
        },
        {
          server: 'https://kubernetes.default.svc',
          namespace: 'web-production',
          defaultServiceAccount: 'argocd:deploy-web-production',
        },
      ],
      clusterResourceWhitelist: [
        { group: '', kind: 'Namespace', name: 'web-staging' },
        { group: '', kind: 'Namespace', name: 'web-production' },
      ],
      namespaceResourceWhitelist: [
        { group: '', kind: 'Service' },
        { group: 'apps', kind: 'Deployment' },
        { group: 'apps', kind: 'ReplicaSet' },
        { group: '', kind: 'Pod' },
      ],
    },
  });
});

function kind(name: string): { readonly group: string; readonly kind: string } {
  const [group = '', own = ''] = name.split('/');
  return { group, kind: own };
}

function below(...kinds: readonly string[]): readonly string[] {
  return shownBelow(kinds.map(kind)).map(({ group, kind: own }) => `${group}/${own}`);
}

test('finds what a Deployment makes, down to its pods', () => {
  expect(below('apps/Deployment')).toEqual(['apps/ReplicaSet', '/Pod']);
});

test('names what several kinds make once, and nothing that was given', () => {
  expect(below('apps/StatefulSet', 'batch/CronJob', 'batch/Job')).toEqual([
    '/Pod',
    'apps/ControllerRevision',
    '/PersistentVolumeClaim',
  ]);
});

test('leaves out what Argo CD does not watch, and what makes nothing', () => {
  expect(below('/Service', '/ServiceAccount', 'policy/PodDisruptionBudget')).toEqual([]);
});

test('tells a kind from one of the same name in another group', () => {
  expect(below('apps.example.com/Deployment')).toEqual([]);
  expect(isMadeByControllers(kind('example.com/Pod'))).toBe(false);
});

test.each([
  '/Pod',
  'apps/ReplicaSet',
  'apps/ControllerRevision',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  '/Event',
])('knows that only controllers make %s', (name) => {
  expect(isMadeByControllers(kind(name))).toBe(true);
});

test.each(['apps/Deployment', 'batch/Job', '/PersistentVolumeClaim', '/Service'])(
  'knows that people write %s',
  (name) => {
    expect(isMadeByControllers(kind(name))).toBe(false);
  },
);
