import { describe, expect, test } from 'vitest';
import { networkPolicy, referencePolicy, secretPolicy } from '../../../cluster/policy/rules.ts';
import { changed, samples, stacksFor } from '../sample.ts';

describe('secrets', () => {
  const stacks = stacksFor(samples.everything);
  const values = 'resource.helm_release.argocd.values.0';

  test.each([
    ['configs:\n  secret:\n    argocdServerAdminPassword: $2a$10$abc', 'a password'],
    ['configs:\n  secret:\n    githubSecret: hunter2', 'a password'],
    ['dex.config: |\n  clientSecret: 0123456789', 'a password'],
    ['key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIE', 'a private key'],
    [`note: ghp_${'a'.repeat(36)}`, 'a GitHub token'],
    [`note: AIza${'a'.repeat(35)}`, 'a Google API key'],
    ['note: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x', 'a JSON Web Token'],
  ])('finds in %j: %s', (text, what) => {
    expect(secretPolicy(changed(stacks, 'argocd', values, text))).toEqual([
      expect.stringContaining(`helm_release.argocd.values[0] holds ${what}.`),
    ]);
  });

  test.each([
    ['resource.google_service_account_key.ci', { service_account_id: 'x' }, 'puts a secret into the state'],
    ['resource.google_secret_manager_secret_version.webhook', { secret: 'x' }, 'puts a secret into the state'],
    ['provider.helm.0.kubernetes.token', 'ya29.abc', 'holds a secret'],
    ['resource.google_sql_user.web', { name: 'web', password: 'hunter2' }, 'holds a secret'],
  ])('refuses %s', (path, value, sentence) => {
    expect(secretPolicy(changed(stacks, 'argocd', path, value))).toEqual([expect.stringContaining(sentence)]);
  });

  test.each([
    'google_client_config',
    'google_secret_manager_secret_version',
    'google_secret_manager_secret_version_access',
    'google_service_account_access_token',
  ])('refuses to read %s', (type) => {
    expect(secretPolicy(changed(stacks, 'argocd', `data.${type}.current`, {}))).toEqual([
      expect.stringContaining(`argocd: data.${type}.current reads a secret into the state.`),
    ]);
  });

  test('lets names of secrets and references to them through', () => {
    expect(secretPolicy(stacks)).toEqual([]);
  });
});

describe('ranges of addresses', () => {
  const stacks = stacksFor(samples.production);
  const subnet = 'resource.google_compute_subnetwork.subnet';

  test.each([
    [
      `${subnet}.secondary_ip_range.0.ip_cidr_range`,
      '10.10.0.0/16',
      'google_compute_subnetwork.subnet ip_cidr_range overlaps platform: google_compute_subnetwork.subnet range pods',
    ],
    [`${subnet}.secondary_ip_range.1.ip_cidr_range`, '10.247.0.0/20', 'range pods overlaps'],
    [
      `${subnet}.secondary_ip_range.1.ip_cidr_range`,
      '10.247.0.1/20',
      'range services is 10.247.0.1/20, which is not a range of addresses.',
    ],
  ])('refuses a network whose %s is %j', (path, value, sentence) => {
    expect(networkPolicy(changed(stacks, 'platform', path, value))).toEqual([expect.stringContaining(sentence)]);
  });

  test('lets the same range be in another network', () => {
    const other = {
      network: 'another',
      ip_cidr_range: '10.10.0.0/24',
      private_ip_google_access: true,
    };
    expect(networkPolicy(changed(stacks, 'bootstrap', 'resource.google_compute_subnetwork.other', other))).toEqual([]);
  });
});

describe('references', () => {
  const stacks = stacksFor(samples.everything);
  const cluster = 'resource.google_container_cluster.cluster';

  test.each([
    [`${cluster}.network`, '${google_compute_network.gone.id}', 'google_compute_network.gone'],
    [`${cluster}.location`, '${var.region}', 'var.region'],
    [`${cluster}.description`, '${join("-", [data.google_project.it.number])}', 'data.google_project.it'],
    [`${cluster}.depends_on`, ['google_project_service.api_container'], 'google_project_service.api_container'],
    ['output.cluster_name.value', '${google_container_cluster.other.name}', 'google_container_cluster.other'],
  ])('refuses %s %j', (path, value, reference) => {
    expect(referencePolicy(changed(stacks, 'platform', path, value))).toEqual([
      expect.stringContaining(`refers to ${reference}, which is not in the stack.`),
    ]);
  });

  test('reads no reference in what is quoted or escaped', () => {
    const text = '${join("google_compute_network.quoted", ["a"])} $${google_compute_network.escaped.id}';
    expect(referencePolicy(changed(stacks, 'platform', `${cluster}.description`, text))).toEqual([]);
  });
});
