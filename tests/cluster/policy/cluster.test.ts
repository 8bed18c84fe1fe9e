import { expect, test } from 'vitest';
import { policies } from '../../../cluster/policy.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const cluster = 'resource.google_container_cluster.cluster';

test.each(Object.entries(samples))('finds nothing to say of %s', (_name, settings) => {
  expect(policies(stacksFor(settings))).toEqual([]);
});

test.each([
  ['private_cluster_config', undefined, 'private_cluster_config.enable_private_nodes is not true, so nodes would get'],
  ['private_cluster_config.enable_private_nodes', false, 'enable_private_nodes is not true, so nodes would get public'],
  [
    'control_plane_endpoints_config.ip_endpoints_config.enabled',
    true,
    'so the control plane would answer at an address',
  ],
  ['networking_mode', 'ROUTES', 'networking_mode is not "VPC_NATIVE"'],
  ['datapath_provider', 'LEGACY_DATAPATH', 'so network policies would not be enforced'],
  ['enable_shielded_nodes', undefined, 'enable_shielded_nodes is not true'],
  ['remove_default_node_pool', false, 'remove_default_node_pool is not true'],
  ['deletion_protection', false, 'deletion_protection is not true, so one apply could delete the cluster.'],
  ['lifecycle.prevent_destroy', false, 'lifecycle.prevent_destroy is not true, so one plan could replace the cluster.'],
  ['workload_identity_config', undefined, 'workload_pool is not example-project.svc.id.goog, so pods would need keys.'],
  ['workload_identity_config.workload_pool', 'other.svc.id.goog', 'workload_pool is not example-project.svc.id.goog'],
  [
    'control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic',
    false,
    'so nobody would reach the control plane',
  ],
  ['master_auth.client_certificate_config.issue_client_certificate', true, 'a certificate that can’t be revoked'],
  ['rbac_binding_config.enable_insecure_binding_system_authenticated', true, 'bound to every Google account'],
  ['rbac_binding_config.enable_insecure_binding_system_unauthenticated', true, 'bound to everybody'],
  ['release_channel.channel', 'UNSPECIFIED', 'release_channel.channel is not "REGULAR"'],
  ['cluster_ipv4_cidr', '10.0.0.0/14', 'cluster_ipv4_cidr is a CIDR, so GKE would own the range'],
  ['ip_allocation_policy.cluster_ipv4_cidr_block', '/14', 'ip_allocation_policy.cluster_ipv4_cidr_block is a CIDR'],
  ['ip_allocation_policy.services_ipv4_cidr_block', '/20', 'ip_allocation_policy.services_ipv4_cidr_block is a CIDR'],
  [
    'ip_allocation_policy.cluster_secondary_range_name',
    'gke-example-pods-72af974f',
    'ip_allocation_policy.cluster_secondary_range_name names no secondary range of the subnet.',
  ],
  ['ip_allocation_policy.services_secondary_range_name', undefined, 'services_secondary_range_name names no secondary'],
  ['lifecycle.ignore_changes', ['node_config'], 'lifecycle.ignore_changes lacks initial_node_count, so the provider'],
  ['node_pool', { name: 'default' }, 'node_pool is inline, so a change of it replaces the cluster.'],
])('refuses a cluster whose %s is %j', (path, value, sentence) => {
  expect(policies(changed(stacks, 'platform', `${cluster}.${path}`, value))).toEqual([
    expect.stringMatching(/^platform: google_container_cluster\.cluster: /),
  ]);
  expect(policies(changed(stacks, 'platform', `${cluster}.${path}`, value))[0]).toContain(sentence);
});

test.each([
  ['platform', 'google_container_cluster'],
  ['platform', 'google_container_node_pool'],
  ['bootstrap', 'google_storage_bucket'],
])('refuses %s without a %s', (stack, type) => {
  expect(policies(changed(stacks, stack, `resource.${type}`, undefined))).toContainEqual(
    expect.stringContaining(`There must be exactly one ${type}, and there is none.`),
  );
});

test('refuses a second cluster', () => {
  const two = changed(stacks, 'platform', 'resource.google_container_cluster.second', { name: 'second' });
  expect(policies(two)).toContainEqual(
    expect.stringContaining('platform: google_container_cluster.cluster, platform: google_container_cluster.second.'),
  );
});
