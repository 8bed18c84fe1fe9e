import { expect, test } from 'vitest';
import { application } from '../../../apps/argo/application.ts';
import { controllerMonitoring, defaultProject, rootApplication, rootProject } from '../../../cluster/argocd/root.ts';
import { firstOf } from '../../../settings/settings.ts';
import { block, samples, stacksFor } from '../sample.ts';
import { valuesOf } from './values.ts';

const values = valuesOf(samples.production, 'root');
const { repository } = samples.production.settings;

test('watches argocd/ on main', () => {
  expect(values).toMatchObject({
    applications: {
      root: { namespace: 'argocd', project: 'root', source: { path: 'argocd', targetRevision: 'main' } },
    },
  });
});

test('may make applications and projects beside itself, and nothing else', () => {
  const { spec } = rootProject(repository);
  expect(spec).toMatchObject({
    sourceRepos: ['https://github.com/example/zerodrop'],
    destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'argocd' }],
    namespaceResourceWhitelist: [
      { group: 'argoproj.io', kind: 'Application' },
      { group: 'argoproj.io', kind: 'AppProject' },
    ],
  });
  expect(spec).not.toHaveProperty('clusterResourceWhitelist');
});

test('leaves nothing to the project that Argo CD makes by itself', () => {
  // An empty list of permitted kinds permits them all, which is why they are forbidden.
  expect(defaultProject()).toMatchObject({
    metadata: { name: 'default', namespace: 'argocd' },
    spec: { sourceRepos: [], destinations: [], namespaceResourceBlacklist: [{ group: '*', kind: '*' }] },
  });
  expect(block(stacksFor(samples.production), 'argocd', 'helm_release.root')['take_ownership']).toBe(true);
});

test('reaches the chart as it was defined', () => {
  expect(values['applications']).toEqual({
    root: { namespace: 'argocd', ...plain(rootApplication(repository, 'argocd').spec) },
  });
  expect(values['itemTemplates']).toEqual([
    { items: [{ name: 'root' }], template: plain(rootProject(repository)) },
    { items: [{ name: 'default' }], template: plain(defaultProject()) },
    { items: [{ name: 'argocd-application-controller' }], template: plain(controllerMonitoring()) },
  ]);
});

function plain(value: object): object {
  return JSON.parse(JSON.stringify(value));
}

test('is synced as the applications that it makes are', () => {
  const { settings, targets } = samples.production;
  const child = application(settings.repository, firstOf(targets));
  expect(rootApplication(repository, 'argocd').spec.syncPolicy).toEqual(child.spec.syncPolicy);
});

test('leaves everything running when it goes', () => {
  expect(rootApplication(repository, 'argocd').metadata).not.toHaveProperty('finalizers');
});
