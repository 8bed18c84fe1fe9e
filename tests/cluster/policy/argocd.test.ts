import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { argoCdPolicy, policies } from '../../../cluster/check.ts';
import { alone } from '../../../cluster/policy/expected/owner.ts';
import { type Json, type Stacks, textAt } from '../../../cluster/terraform-json.ts';
import { argoCdChartVersion } from '../../../cluster/versions.ts';
import { block, changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);

const dex = `connectors:
  - type: github
    id: github
    name: GitHub
    config:
      clientID: Iv1.0123456789abcdef
      clientSecret: $argocd-single-sign-on:clientSecret
      orgs:
        - name: example
      teamNameField: slug
`;

/** The stacks with one chart value changed; keys that hold dots are given as one. */
function withValue(release: string, path: readonly (string | number)[], value: Json | undefined): Stacks {
  const [text] = [block(stacks, 'argocd', `helm_release.${release}`)['values']].flat();
  const values: unknown = parse(typeof text === 'string' ? text : '');
  let parent = Object(values);
  for (const key of path.slice(0, -1)) parent = Object(parent[key]);
  const last = path.at(-1) ?? '';
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === undefined) delete parent[last];
  else parent[last] = value;
  return changed(stacks, 'argocd', `resource.helm_release.${release}.values.0`, stringify(values));
}

test.each<readonly [release: string, path: readonly (string | number)[], value: Json | undefined, sentence: string]>([
  ['argocd', ['server', 'service', 'type'], 'LoadBalancer', 'so Argo CD would be public.'],
  ['argocd', ['server', 'extraArgs'], ['--disable-auth'], 'server.extraArgs is not expected.'],
  ['argocd', ['server', 'ingress'], { enabled: true }, 'server.ingress is not expected.'],
  ['argocd', ['global', 'networkPolicy', 'create'], false, 'so other pods than Argo CD’s could reach its Redis.'],
  ['argocd', ['global', 'networkPolicy', 'defaultDenyIngress'], undefined, 'could reach its Redis.'],
  ['argocd', ['redis-ha', 'enabled'], true, 'so other pods than Argo CD’s could reach its Redis.'],
  ['argocd', ['redis', 'networkPolicy'], { create: false }, 'so other pods than Argo CD’s could reach its Redis.'],
  ['argocd', ['externalRedis'], { host: 'x' }, 'externalRedis is not expected.'],
  [
    'argocd',
    ['configs', 'cm', 'application.resourceTrackingMethod'],
    'label',
    'so labels decide what Argo CD deletes.',
  ],
  ['argocd', ['configs', 'cm', 'admin.enabled'], 'true', 'so the admin’s password opens everything'],
  ['argocd', ['configs', 'cm', 'users.anonymous.enabled'], 'true', 'so everybody could look.'],
  ['argocd', ['configs', 'cm', 'accounts.ci'], 'apiKey', 'accounts.ci is not expected.'],
  [
    'argocd',
    ['configs', 'rbac', 'policy.default'],
    'role:admin',
    'so others than the team of the settings could change',
  ],
  ['argocd', ['configs', 'secret', 'argocdServerAdminPassword'], 'x', 'argocdServerAdminPassword is not expected.'],
  ['argocd', ['applicationSet', 'replicas'], 1, 'so a program could make applications.'],
  [
    'argocd',
    ['extraObjects', 0],
    { kind: 'ClusterRoleBinding', metadata: { name: 'eve' }, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } },
    'is ClusterRoleBinding /eve, which is not expected.',
  ],
  ['argocd', ['extraObjects', 0, 'rules', 0, 'resources', 0], 'secrets', 'expected "configmaps"'],
  ['argocd', ['extraObjects'], [], 'lacks ValidatingAdmissionPolicy /zerodrop-verify-refreshes-only'],
  ['argocd', ['extraObjects'], 'kind: ClusterRoleBinding', 'extraObjects is no list'],
  ['argocd', ['configs', 'cm', 'dex.config'], `${dex}  - type: oidc\n`, 'so others could sign in'],
  ['argocd', ['configs', 'cm', 'dex.config'], `${dex}staticPasswords: []\n`, 'so others could sign in'],
  ['argocd', ['configs', 'cm', 'dex.config'], 'connectors: [', 'dex.config is not YAML'],
  ['argocd', ['configs', 'rbac', 'policy.csv'], 'g, other:platform, role:admin\n', 'so others than the team'],
  [
    'argocd',
    ['notifications', 'templates', 'template.rolled-out'],
    'message: "{{ .secrets.key }}"\n',
    'so a report could hold a secret',
  ],
  ['argocd', ['configs', 'cm', 'resource.links'], '${file("/etc/passwd")}', 'expected a text without expressions'],
  ['argocd', ['global', 'domain'], 'argocd.example.org', 'expected "argocd.example.com"'],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'namespaceResourceWhitelist'],
    [{ group: '*', kind: '*' }],
    'so the root could make what runs.',
  ],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'namespaceResourceWhitelist'],
    undefined,
    'so the root could make what runs.',
  ],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'clusterResourceWhitelist'],
    [{ group: '*', kind: '*' }],
    'clusterResourceWhitelist is not expected.',
  ],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'sourceRepos'],
    ['*'],
    'so the root could follow another repository.',
  ],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'sourceRepos'],
    ['https://a', 'https://b'],
    'so the root could follow another repository.',
  ],
  [
    'root',
    ['itemTemplates', 0, 'template', 'spec', 'destinations', 0, 'namespace'],
    '*',
    'so the root could reach another namespace.',
  ],
  ['root', ['itemTemplates', 1], undefined, 'expected 3 items'],
  [
    'root',
    ['itemTemplates', 1, 'template', 'spec', 'sourceRepos'],
    ['*'],
    'so an application without a project of its own could run.',
  ],
  ['root', ['applications', 'root', 'project'], 'default', 'expected "root"'],
])('refuses %s with %j %j', (release, path, value, sentence) => {
  expect(policies(withValue(release, path, value))).toContainEqual(expect.stringContaining(sentence));
});

test('lets nothing be read but what a plan compares, with a domain or without', () => {
  for (const settings of Object.values(samples)) expect(argoCdPolicy(stacksFor(settings), alone)).toEqual([]);
});

test('is about the chart that is pinned', () => {
  expect(textAt(block(stacks, 'argocd', 'helm_release.argocd'), 'version')).toBe(argoCdChartVersion);
});
