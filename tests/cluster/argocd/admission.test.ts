import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clustersOf } from '../../../cluster/cluster-project.ts';
import { admissionAccount, admissionNamespace } from '../../../cluster/identities.ts';
import { at, type Json } from '../../../cluster/terraform-json.ts';
import { policyControllerDigest } from '../../../cluster/versions.ts';
import { firstOf } from '../../../settings/settings.ts';
import { sources } from '../../github/workflows.ts';
import { projectWith } from '../../settings/sample.ts';
import { block, clusterOf, sample, stacksFor } from '../sample.ts';
import { valuesOf } from './values.ts';

/** The object of a kind among those that the release `admission` installs. */
function installed(kind: string, google: Parameters<typeof sample>[0] = {}): Json | undefined {
  const items = [valuesOf(sample(google), 'admission')['itemTemplates']].flat();
  return items.map((item) => at(item ?? null, 'template')).find((object) => at(object ?? null, 'kind') === kind);
}

test('what the release workflow signs on main is admitted, and by the issuer that the release checks', () => {
  const policy: { spec: { authorities: { keyless: { identities: { issuer: string; subject: string }[] } }[] } } =
    JSON.parse(JSON.stringify(installed('ClusterImagePolicy')));
  const [identity, ...more] = policy.spec.authorities.flatMap(({ keyless }) => keyless.identities);

  expect(more).toEqual([]);
  const [, file = ''] =
    /^https:\/\/github\.com\/example\/zerodrop\/(.+)@refs\/heads\/main$/.exec(identity?.subject ?? '') ?? [];
  expect(existsSync(file)).toBe(true);
  const signing = sources.find((source) => source.file === file)?.text ?? '';
  expect(signing).toContain('cosign sign');
  expect(signing).toContain(`ISSUER: ${identity?.issuer}`);
  // policy-controller finds no signature in a bundle, only attestations (sigstore/policy-controller #1899).
  expect(JSON.stringify(policy)).not.toContain('signatureFormat');
  expect(sources.map((source) => source.text).join('\n')).toContain('--new-bundle-format=false');
});

test('an image counts as ours by its digest and by a tag, and no other whose name begins so', () => {
  const images = at(installed('ClusterImagePolicy') ?? null, 'spec.images');
  const image = 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web';
  expect(images).toEqual([{ glob: `${image}@**` }, { glob: `${image}:**` }]);
});

test.each([
  [{}, 'warn'],
  [{ admission: 'warn' as const }, 'warn'],
  [{ admission: 'enforce' as const }, 'enforce'],
])('the settings %o make a policy with the mode %s', (google, mode) => {
  expect(at(installed('ClusterImagePolicy', google) ?? null, 'spec.mode')).toBe(mode);
});

test('a webhook that is down lets pods start, and images of others too', () => {
  for (const google of [{}, { admission: 'enforce' as const }]) {
    expect(valuesOf(sample(google), 'policy_controller')).toMatchObject({
      webhook: { failurePolicy: 'Ignore', configData: { 'no-match-policy': 'warn' } },
    });
  }
});

test.each([
  ['production', 2, true],
  ['demo', 1, false],
] as const)('a budget is made where there are two pods: %s', (size, replicaCount, enabled) => {
  expect(at(valuesOf(sample({ size }), 'policy_controller'), 'webhook')).toMatchObject({
    replicaCount,
    podDisruptionBudget: { enabled },
  });
});

test('the controller is pinned: its chart by version, its image by digest, and none of its hooks runs', () => {
  const release = block(stacksFor(sample({})), 'argocd', 'helm_release.policy_controller');
  expect(release).toMatchObject({ version: '0.10.6', disable_webhooks: true, namespace: admissionNamespace });
  expect(valuesOf(sample({}), 'policy_controller')).toMatchObject({
    webhook: { image: { version: policyControllerDigest } },
  });
});

test('its account may read the images, and nothing else does', () => {
  const grant = block(
    stacksFor(sample({})),
    'platform',
    'google_artifact_registry_repository_iam_member.images_admission',
  );
  expect(grant).toMatchObject({
    role: 'roles/artifactregistry.reader',
    depends_on: ['google_container_cluster.cluster'],
  });
  expect(grant['member']).toMatch(new RegExp(`^principal://.*/subject/${admissionAccount}$`));
});

test.each([
  ['admission is off', sample({ admission: 'off' })],
  [
    'no workflow signs, because the repository is not at GitHub',
    (() => {
      const { settings } = sample({});
      return projectWith({}, { ...settings, repository: 'https://git.example.com/acme/shop.git' });
    })(),
  ],
])('nothing of it is there where %s', (_why, project) => {
  const stacks = JSON.stringify([...stacksFor(project)]);
  expect(stacks).not.toMatch(/policy.?controller|clusterimagepolicies|images_admission|cosign-system/);
  expect(clusterOf(project).google.admission).toBe('off');
});

test('each cluster has what it is set to', () => {
  const { settings, targets } = sample({ admission: 'enforce' });
  const other = { name: 'west', google: { project: 'example-project', region: 'europe-west1', name: 'west' } };
  const both = clustersOf({ settings: { ...settings, clusters: [firstOf(settings.clusters), other] }, targets });
  expect(both.map(({ google }) => google.admission)).toEqual(['enforce', 'warn']);
});
