import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { argoCdPolicy } from '../../../cluster/policy/argocd.ts';
import type { Json, Stacks } from '../../../cluster/terraform-json.ts';
import { textAt } from '../../../cluster/terraform-json.ts';
import { argoCdChartVersion } from '../../../cluster/versions.ts';
import { block, changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);

/** The stacks with one chart value changed; keys that hold dots are given as one. */
function withValue(release: string, path: readonly string[], to: Json): Stacks {
  const [text] = [block(stacks, 'argocd', `helm_release.${release}`)['values']].flat();
  const values: unknown = parse(typeof text === 'string' ? text : '');
  let parent = Object(values);
  for (const key of path.slice(0, -1)) parent = Object(parent[key]);
  parent[path.at(-1) ?? ''] = to;
  return changed(stacks, 'argocd', `resource.helm_release.${release}.values.0`, stringify(values));
}

test.each([
  [
    'argocd',
    ['server', 'service', 'type'],
    'LoadBalancer',
    'server.service.type is LoadBalancer, so Argo CD would be public.',
  ],
  ['argocd', ['global', 'networkPolicy', 'create'], false, 'so every pod reaches Argo CD’s Redis.'],
  [
    'argocd',
    ['configs', 'cm', 'application.resourceTrackingMethod'],
    'label',
    'so labels decide what Argo CD deletes.',
  ],
  ['argocd', ['configs', 'cm', 'admin.enabled'], 'true', 'admin is enabled beside single sign-on'],
  [
    'root',
    ['projects', 'root', 'namespaceResourceWhitelist'],
    [{ group: 'apps', kind: 'Deployment' }],
    'project root may not make exactly argoproj.io/AppProject and argoproj.io/Application.',
  ],
  [
    'root',
    ['projects', 'root', 'clusterResourceWhitelist'],
    [{ group: '*', kind: '*' }],
    'project root may make kinds of the whole cluster.',
  ],
  [
    'root',
    ['projects', 'root', 'namespaceResourceWhitelist'],
    [
      { group: 'argoproj.io', kind: 'Application' },
      { group: '*', kind: 'AppProject' },
    ],
    'project root may not make exactly',
  ],
  ['root', ['projects', 'root', 'namespaceResourceWhitelist'], null, 'project root may not make exactly'],
  ['root', ['projects', 'root', 'sourceRepos'], ['*'], 'project root reads other than one repository.'],
  ['root', ['projects', 'root', 'sourceRepos'], ['https://a', 'https://b'], 'reads other than one repository.'],
  [
    'root',
    ['projects', 'root', 'destinations'],
    [{ server: 'https://kubernetes.default.svc', namespace: '*' }],
    'project root reaches other than namespace argocd.',
  ],
])('refuses %s with %j %j', (release, path, value, sentence) => {
  expect(argoCdPolicy(withValue(release, path, value))).toEqual([expect.stringContaining(sentence)]);
});

test('is about the chart that is pinned', () => {
  expect(textAt(block(stacks, 'argocd', 'helm_release.argocd'), 'version')).toBe(argoCdChartVersion);
});
