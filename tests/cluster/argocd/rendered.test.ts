import { expect, test } from 'vitest';
import { accessObjects } from '../../../cluster/argocd/access.ts';
import seen from '../../../cluster/argocd/rendered.json' with { type: 'json' };
import type { Json } from '../../../cluster/terraform-json.ts';
import { at } from '../../../cluster/terraform-json.ts';
import { argoCdChartVersion } from '../../../cluster/versions.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { googleOf, samples } from '../sample.ts';
import { valuesOf } from './values.ts';

const { chart, ...renderings } = seen;
const named = Object.entries(renderings).map(([name, rendering]) => ({ name, ...rendering }));

test('was seen of the chart that is pinned', () => {
  expect(chart).toBe(`argo-cd ${argoCdChartVersion}`);
});

test.each(Object.entries(samples))('was seen with the values of %s', (name, settings) => {
  const values = valuesOf(settings, 'argocd');
  expect(named.find((rendering) => rendering.name === name)?.values).toEqual({
    global: at(values, 'global.networkPolicy'),
    'redis-ha': values['redis-ha'],
    redis: values['redis'],
  });
});

test.each(named)('lets nobody but Argo CD reach its Redis, in $name', ({ reached }) => {
  const pods: Readonly<Record<string, readonly string[]>> = reached;
  expect(Object.keys(pods).filter((workload) => /redis|sentinel|haproxy/.test(workload))).toEqual([
    'argocd-redis',
    'argocd-redis-secret-init',
  ]);
  expect(pods['argocd-redis']).toEqual([
    'by argocd-application-controller, argocd-repo-server, argocd-server at redis',
  ]);
  expect(pods['argocd-redis-secret-init']).toEqual([]);
});

test.each(named)('leaves no pod without a policy, in $name', ({ reached }) => {
  expect(Object.values(reached).flat()).not.toContain('by everybody: no policy selects it');
});

test.each(named)('lets a plan read each object that Helm makes, but for Secrets, in $name', ({ name, objects }) => {
  const owned = Object.entries(samples).find(([sample]) => sample === name)?.[1] ?? samples.demo;
  const rules = accessObjects(owned.targets, resolveGoogle(googleOf(owned)))
    .filter(
      (object) =>
        String(at(object, 'metadata.name')).includes('-compares') ||
        at(object, 'metadata.name') === 'plan-reads-releases',
    )
    .flatMap((object) => [object['rules'] ?? []].flat());
  // A hook and what is made for it goes again by itself.
  const kept = objects.filter((title) => !/ Secret | argocd-redis-secret-init$/.test(title));
  expect(kept.filter((title) => !rules.some((rule) => covers(rule, title)))).toEqual([]);
  expect(JSON.stringify(rules)).not.toContain('"secrets"');
});

/** True where a rule of RBAC lets an object be read that is given as `apiVersion Kind name`. */
function covers(rule: Json, title: string): boolean {
  const [apiVersion = '', kind = '', name = ''] = title.split(' ');
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const plural = kind
    .toLowerCase()
    .replace(/(?<![aeiou])y$/, 'ie')
    .concat('s');
  const has = (key: string, wanted: string) => [at(rule, key) ?? []].flat().includes(wanted);
  const names = at(rule, 'resourceNames');
  return has('apiGroups', group) && has('resources', plural) && (names === undefined || has('resourceNames', name));
}
