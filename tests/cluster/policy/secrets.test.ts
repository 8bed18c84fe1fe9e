import { expect, test } from 'vitest';
import { secretPolicy } from '../../../cluster/policy/secrets.ts';
import { changed, samples, stacksFor } from '../sample.ts';

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
