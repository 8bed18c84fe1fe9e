import { expect, test } from 'vitest';
import { application, linkAnnotations, targetLinks } from '../../../apps/argo/application.ts';
import { requireTarget } from '../../../release/publish/render.ts';
import { project, projectWith, settings } from '../../settings/sample.ts';

const target = requireTarget({ environment: 'production' }, project);
const production = application(settings.repository, target);

test('follows the folder of its environment on main, in the project of the service', () => {
  expect(production.metadata).toMatchObject({ name: 'web-production', namespace: 'argocd' });
  expect(production.spec).toMatchObject({
    project: 'web',
    source: { repoURL: settings.repository, targetRevision: 'main', path: 'manifests/production/web' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'web-production' },
  });
});

test('syncs by itself, prunes and heals, and deletes nothing when the folder is empty', () => {
  expect(production.spec.syncPolicy?.automated).toEqual({
    enabled: true,
    prune: true,
    selfHeal: true,
    allowEmpty: false,
  });
});

test('retries with the newest commit, so that a revert is not kept waiting', () => {
  expect(production.spec.syncPolicy?.retry).toEqual({
    limit: 5,
    backoff: { duration: '5s', factor: 2, maxDuration: '1m' },
    refresh: true,
  });
});

test('applies on the server, prunes last, shares nothing, and never replaces', () => {
  expect(production.spec.syncPolicy?.syncOptions).toEqual([
    'ServerSideApply=true',
    'PruneLast=true',
    'FailOnSharedResource=true',
  ]);
});

test('is found in the UI by its service and its environment', () => {
  expect(production.metadata?.labels).toEqual({ 'app.kubernetes.io/name': 'web', environment: 'production' });
});

test('leads to the pages that the UI can not find by itself, where there are any', () => {
  expect(production.spec.info?.map(({ name }) => name)).toEqual(['Releases', 'Roll back', 'Runs']);
  const elsewhere = application('https://gitlab.com/a/b', target);
  expect(elsewhere.spec).not.toHaveProperty('info');
});

test('leads to its service, where clients reach it', () => {
  const workload = { ...target.workload, url: 'https://staging.example.com' } as typeof target.workload;
  const { spec } = application('https://gitlab.com/a/b', { ...target, workload });
  expect(spec.info).toEqual([{ name: 'Service', value: 'https://staging.example.com' }]);
});

test('writes what would keep Argo CD from it, so that the root application puts it back', () => {
  expect(production.metadata?.annotations).toMatchObject({ 'argocd.argoproj.io/skip-reconcile': 'false' });
});

test('is rendered anew by Argo CD only for a commit to its own folder', () => {
  expect(production.metadata?.annotations).toHaveProperty(
    ['argocd.argoproj.io/manifest-generate-paths'],
    '/manifests/production/web',
  );
});

test('leaves the number of pods to an autoscaler, and nothing else', () => {
  const scaled = requireTarget({ environment: 'production' }, projectWith({ autoscale: { min: 2, max: 9 } }));
  const { spec } = application(settings.repository, scaled);
  expect(spec.ignoreDifferences).toEqual([
    { group: 'apps', kind: 'Deployment', name: 'web', jsonPointers: ['/spec/replicas'] },
  ]);
  expect(spec.syncPolicy?.syncOptions).toEqual([
    ...(production.spec.syncPolicy?.syncOptions ?? []),
    'RespectIgnoreDifferences=true',
  ]);
  expect(production.spec).not.toHaveProperty('ignoreDifferences');
});

test('leads to the releases of the environment, to the way back and to the runs', () => {
  expect(targetLinks('git@github.com:example/zerodrop.git', 'production/web')).toEqual([
    { name: 'Releases', value: 'https://github.com/example/zerodrop/commits/main/apps/images/production/web.json' },
    { name: 'Roll back', value: 'https://github.com/example/zerodrop/actions/workflows/roll-back.yaml' },
    { name: 'Runs', value: 'https://github.com/example/zerodrop/actions' },
  ]);
});

test('titles the releases where Argo CD shows a link alone', () => {
  expect(linkAnnotations('https://github.example.com/a/b', 'staging/web')).toEqual({
    'link.argocd.argoproj.io/external-link':
      'Releases|https://github.example.com/a/b/commits/main/apps/images/staging/web.json',
  });
});

test('has no link to a forge that is not GitHub', () => {
  expect(targetLinks('https://gitlab.com/a/b', 'staging/web')).toEqual([]);
  expect(linkAnnotations('https://gitlab.com/a/b', 'staging/web')).toEqual({});
});
