import { expect, test } from 'vitest';
import { policies } from '../../../cluster/check.ts';
import type { Json } from '../../../cluster/terraform-json.ts';
import type { GoogleSettings } from '../../../settings/google.ts';
import { googleOf, block, changed, exposed, sample, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const cluster = 'resource.google_container_cluster.cluster';
const pool = 'resource.google_container_node_pool.nodes';
const images = 'resource.google_artifact_registry_repository.images';

test.each(Object.entries({ ...samples, ...exposed }))('finds nothing to say of %s', (_name, settings) => {
  expect(policies(stacksFor(settings))).toEqual([]);
});

test.each<readonly [stack: string, path: string, to: Json | undefined, sentence: string]>([
  // What there is.
  [
    'bootstrap',
    'resource.google_compute_firewall',
    { open: { source_ranges: ['0.0.0.0/0'] } },
    'resource.google_compute_firewall is not expected',
  ],
  [
    'platform',
    'resource.google_compute_firewall',
    { open: { source_ranges: ['0.0.0.0/0'] } },
    'resource.google_compute_firewall is not expected',
  ],
  [
    'platform',
    'resource.google_container_cluster.second',
    { name: 'second' },
    'google_container_cluster.second is not expected',
  ],
  ['platform', 'resource.google_container_cluster', undefined, 'resource.google_container_cluster is missing'],
  [
    'platform',
    'resource.null_resource',
    { x: { provisioner: { 'local-exec': { command: 'id' } } } },
    'resource.null_resource is not expected',
  ],
  ['platform', 'data', { external: { x: { program: ['id'] } } }, 'data.external is not expected'],
  ['platform', 'module', { x: { source: 'github.com/evil/x' } }, 'module is not expected'],
  ['platform', 'removed', [{ from: 'google_container_cluster.cluster' }], 'removed is not expected'],
  ['platform', 'provider.google.0.impersonate_service_account', 'a@b', 'impersonate_service_account is not expected'],
  ['platform', 'provider.google.0.project', 'another-project', 'expected "another-project"'],
  ['platform', 'terraform.required_providers.google.source', 'evil/google', 'expected "google"'],
  ['bootstrap', 'terraform.backend.gcs.prefix', 'platform', 'expected "bootstrap"'],
  ['bootstrap', 'terraform.backend', { local: {} }, 'terraform.backend.gcs is missing'],
  // How it is.
  [
    'platform',
    `${cluster}.maintenance_policy.recurring_window.end_time`,
    '2026-01-06T19:00:00Z',
    'is 121 hours long, expected 6',
  ],
  ['platform', `${images}.docker_config.immutable_tags`, false, 'so a tag could be moved to another image'],
  [
    'platform',
    `${cluster}.anonymous_authentication_config.mode`,
    'ENABLED',
    'so the API server would answer anonymous calls',
  ],
  ['platform', `${cluster}.enable_legacy_abac`, true, 'enable_legacy_abac is not expected'],
  ['platform', `${cluster}.logging_config`, undefined, 'so nobody could read what pods and nodes said'],
  ['platform', `${cluster}.private_cluster_config.enable_private_nodes`, false, 'so nodes would get public addresses'],
  [
    'platform',
    `${cluster}.private_cluster_config.enable_private_endpoint`,
    undefined,
    'so each plan would show a change, which an apply does not make',
  ],
  [
    'platform',
    `${cluster}.control_plane_endpoints_config.ip_endpoints_config.enabled`,
    true,
    'the control plane would answer at an address',
  ],
  ['platform', `${cluster}.cluster_ipv4_cidr`, '10.0.0.0/14', 'cluster_ipv4_cidr is not expected'],
  ['platform', `${cluster}.ip_allocation_policy.cluster_ipv4_cidr_block`, '/14', 'so GKE could own the ranges'],
  ['platform', `${cluster}.workload_identity_config.workload_pool`, 'other.svc.id.goog', 'so pods would need keys'],
  ['platform', `${cluster}.node_pool`, { name: 'default' }, 'node_pool is not expected'],
  [
    'platform',
    `${cluster}.lifecycle.ignore_changes`,
    'all',
    'so the provider would replace the cluster, or overlook a change',
  ],
  ['platform', `${cluster}.deletion_protection`, false, 'so one apply could delete the cluster'],
  ['platform', `${pool}.node_config.service_account`, 'default', 'the project’s default may edit everything'],
  ['platform', `${pool}.node_config.metadata`, { 'startup-script': 'id' }, 'the node’s metadata could start a program'],
  [
    'platform',
    `${pool}.node_config.workload_metadata_config.mode`,
    'GCE_METADATA',
    'so pods could ask for the node’s own identity',
  ],
  [
    'platform',
    `${pool}.upgrade_settings.max_unavailable`,
    1,
    'so an upgrade would take pods away before there is room',
  ],
  [
    'bootstrap',
    'resource.google_storage_bucket.state.versioning.enabled',
    false,
    'so a broken state could not be brought back',
  ],
  [
    'bootstrap',
    'resource.google_storage_bucket.state.public_access_prevention',
    'inherited',
    'so the state could be made public',
  ],
  ['bootstrap', 'resource.google_storage_bucket.state.lifecycle', undefined, 'so one apply could delete every state'],
])('refuses in %s %s %j', (stack, path, to, sentence) => {
  expect(policies(changed(stacks, stack, path, to))).toContainEqual(expect.stringContaining(sentence));
});

const signOn = { organisation: 'my.org', adminTeam: '1e3', clientId: '0x10' };
const budget = { billingAccount: '00AAFF-123456-ABCDEF', projectNumber: '1', monthlyAmount: 9_007_199_254_740_991 };

test.each<Partial<GoogleSettings>>([
  { size: 'demo', region: 'europe-west1', zone: 'europe-west1-c', nodes: { spot: true, maximumPerZone: 9 } },
  { size: 'demo', argocd: { highAvailability: true, singleSignOn: signOn } },
  { name: 'my-shop', stateBucket: 'my_bucket', maintenanceHourUtc: 0, argocd: { highAvailability: false } },
  { maintenanceHourUtc: 18, github: { ownerId: '1', repositoryId: '99999999999999999999' } },
  { maintenanceHourUtc: 23, budget, network: { nodes: '10.0.0.0/20', services: '172.16.0.0/20' } },
  { argocd: { domain: 'a.example.co.uk', singleSignOn: signOn, highAvailability: false } },
])('finds nothing to say of what an owner may choose: %j', (google) => {
  expect(policies(stacksFor(sample(google)))).toEqual([]);
});

test('finds nothing to say of images of another registry', () => {
  expect(policies(stacksFor(sample(googleOf(samples.everything), 'ghcr.io/example/web')))).toEqual([]);
});

test('grants nothing for a domain that there is none of', () => {
  const demo = stacksFor(samples.demo);
  const right = block(stacks, 'bootstrap', 'google_project_iam_member.apply_certificatemanager_owner');
  const path = 'resource.google_project_iam_member.apply_certificatemanager_owner';
  expect(policies(changed(demo, 'bootstrap', path, right))).toEqual([
    expect.stringContaining('apply_certificatemanager_owner is not expected'),
  ]);
});

test('says where, what is there, what was expected and what to do', () => {
  expect(policies(changed(stacks, 'platform', `${cluster}.release_channel.channel`, 'RAPID'))).toEqual([
    'platform: google_container_cluster.cluster: release_channel.channel is "RAPID", expected "REGULAR", so the version would be nobody’s to keep up. Set it back, or decide on it in cluster/policy/expected/platform.ts.',
  ]);
});

test('refuses a stack that nobody has described', () => {
  expect(policies(new Map([...stacks, ['another', {}]]))).toEqual([expect.stringContaining('another is a stack that')]);
});
