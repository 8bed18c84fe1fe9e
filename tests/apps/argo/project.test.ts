import { expect, test } from 'vitest';
import { project } from '../../../apps/argo/project.ts';
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
