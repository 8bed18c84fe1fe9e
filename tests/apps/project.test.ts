import { expect, test } from 'vitest';
import { namedTarget, projectOf } from '../../apps/project.ts';
import { larger, projectWith, settings, workload } from '../settings/sample.ts';

test('makes a target of each service and environment, in a namespace of its own', () => {
  const { targets } = projectWith({ in: { production: { namespace: 'shop' } } });
  expect(targets.map(({ name, namespace, cluster }) => [name, namespace, cluster.name])).toEqual([
    ['web-staging', 'web-staging', 'main'],
    ['web-production', 'shop', 'main'],
  ]);
});

test('refuses a namespace that two targets share', () => {
  expect(() => projectWith({ namespace: 'shop' })).toThrow(
    "apps/services/web.ts: namespace is 'shop' in production, as of web in staging, so one would prune the other. Give each its own: in.production.namespace.",
  );
});

test('lets targets share a name of a namespace on different clusters', () => {
  const [cluster] = settings.clusters;
  const owned = {
    ...settings,
    clusters: [
      ...settings.clusters,
      { ...cluster, name: 'west', google: { project: 'other-project', region: 'europe-west1' } },
    ],
    environments: [
      { name: 'staging', cluster: 'main' },
      { name: 'production', cluster: 'west' },
    ],
  };
  expect(projectWith({ namespace: 'shop' }, owned).targets.map(({ cluster: { name } }) => name)).toEqual([
    'main',
    'west',
  ]);
});

test('refuses two targets that would be one Application', () => {
  const owned = {
    ...settings,
    services: [
      { name: 'web', image: 'example.com/web' },
      { name: 'web-a', image: 'example.com/web-a' },
    ],
    environments: [{ name: 'a-b' }, { name: 'b' }],
  };
  expect(() => projectWith({}, owned)).toThrow(
    'settings.ts: services.web-a in b is the Application web-a-b, as is web in a-b. Rename a service or an environment.',
  );
});

test('names the file of each service that is wrong', () => {
  const web = { kind: 'web', ...workload, replicas: 1, in: { moon: {} } };
  expect(() => projectOf(settings, new Map([['web', web]]))).toThrow(
    'apps/services/web.ts: in.moon names an environment that settings.ts does not have. Use one of staging, production.\napps/services/web.ts: replicas is 1, but',
  );
});

test('finds what a name stands for, and a service with requests where none is named', () => {
  const worker = { kind: 'worker', replicas: 1, longestJobSeconds: 5 };
  const mixed = projectOf(
    larger,
    new Map<string, unknown>([
      ['web', worker],
      ['api', { kind: 'web', ...workload }],
    ]),
  );
  const found = [null, 'production', 'web-production', 'moon'].map((named) => namedTarget(mixed, named, null));
  expect(found.map((one) => one && [one.name, one.argoFolder])).toEqual([
    ['api-staging', 'argocd/main'],
    ['api-production', 'argocd/west'],
    ['web-production', 'argocd/west'],
    undefined,
  ]);
  expect(namedTarget(mixed, null, 'web')?.name).toBe('web-staging');
  expect(namedTarget(mixed, 'production', 'api')?.name).toBe('api-production');
  expect(namedTarget(mixed, null, 'moon')).toBeUndefined();
});
