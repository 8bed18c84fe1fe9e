import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { argoCdPolicy } from '../../../cluster/policy/argocd.ts';
import type { Json, Stacks } from '../../../cluster/terraform-json.ts';
import { textAt } from '../../../cluster/terraform-json.ts';
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
    'project root may make Deployment;',
  ],
  [
    'root',
    ['projects', 'root', 'clusterResourceWhitelist'],
    [{ group: '*', kind: '*' }],
    'project root may make kinds of the whole cluster;',
  ],
])('refuses %s with %j %j', (release, path, value, sentence) => {
  expect(argoCdPolicy(withValue(release, path, value))).toEqual([expect.stringContaining(sentence)]);
});

test.each(['~> 10.1', '', '10'])('refuses the chart version %j', (version) => {
  expect(argoCdPolicy(changed(stacks, 'argocd', 'resource.helm_release.argocd.version', version))).toEqual([
    expect.stringContaining('helm_release.argocd: version is no exact number'),
  ]);
});

test('is about the chart that is pinned', () => {
  expect(textAt(block(stacks, 'argocd', 'helm_release.argocd'), 'version')).toBe('10.1.1');
});
