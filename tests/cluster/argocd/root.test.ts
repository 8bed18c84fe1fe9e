import { expect, test } from 'vitest';
import { application } from '../../../apps/argo/application.ts';
import { rootApplication, rootProject } from '../../../cluster/argocd/root.ts';
import { samples } from '../sample.ts';
import { valuesOf } from './values.ts';

const values = valuesOf(samples.production, 'root');

test('watches argocd/ on main, and may make applications and projects there', () => {
  expect(values).toMatchObject({
    applications: {
      root: { namespace: 'argocd', project: 'root', source: { path: 'argocd', targetRevision: 'main' } },
    },
    projects: {
      root: {
        namespace: 'argocd',
        sourceRepos: ['https://github.com/example/zerodrop'],
        destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'argocd' }],
        namespaceResourceWhitelist: [
          { group: 'argoproj.io', kind: 'Application' },
          { group: 'argoproj.io', kind: 'AppProject' },
        ],
      },
    },
  });
  expect(values['projects']).not.toHaveProperty('root.clusterResourceWhitelist');
});

test('reaches the chart as it was defined', () => {
  expect(values['applications']).toEqual({
    root: { namespace: 'argocd', ...JSON.parse(JSON.stringify(rootApplication(samples.production).spec)) },
  });
  expect(values['projects']).toEqual({
    root: { namespace: 'argocd', ...JSON.parse(JSON.stringify(rootProject(samples.production).spec)) },
  });
});

test('is synced as the applications that it makes are', () => {
  const child = application(samples.production, 'production', 'web-production');
  expect(rootApplication(samples.production).spec.syncPolicy).toEqual(child.spec.syncPolicy);
});

test('leaves everything running when it goes', () => {
  expect(rootApplication(samples.production).metadata).not.toHaveProperty('finalizers');
});
