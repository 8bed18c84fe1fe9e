import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recreatingFields } from '../../cluster/recreating-fields.ts';
import { recreations, refused } from '../../cluster/recreation.ts';
import type { Json } from '../../cluster/terraform-json.ts';
import { at, resourcesOf } from '../../cluster/terraform-json.ts';
import { changed, sample, samples, stacksFor } from './sample.ts';

const stacks = stacksFor(samples.production);
// With a domain and with GitHub: each resource of the list is there.
const everything = stacksFor(samples.everything);
const addresses = new Map(resourcesOf(everything).map(({ type, address, stack }) => [type, { address, stack }]));

const listed = Object.entries(recreatingFields).flatMap(([type, fields]) =>
  fields.map((field) => ({ address: '', stack: '', ...addresses.get(type), ...field })),
);

/** Something else than what is there. */
function another(value: Json | undefined): Json {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}-changed` : 'changed';
}

// What Terraform is told to overlook, as it stands in the stacks.
const overlooked = [
  'google_container_cluster.cluster.node_config',
  'google_container_cluster.cluster.initial_node_count',
  'google_container_node_pool.nodes.initial_node_count',
];
const seen = listed.filter(
  ({ only, address, path }) => only === undefined && !overlooked.includes(`${address}.${path}`),
);

test.each(overlooked)('says nothing of %s, which Terraform overlooks', (place) => {
  expect(recreations(everything, changed(everything, 'platform', `resource.${place}`, 'changed'))).toEqual([]);
});

test.each([
  ['google_container_cluster.cluster', ['node_config']],
  ['google_container_node_pool.nodes', ['node_count']],
])('sees that Terraform overlooks less of %s', (address, left) => {
  const fewer = changed(everything, 'platform', `resource.${address}.lifecycle.ignore_changes`, left);
  expect(recreations(everything, fewer).map(({ name }) => name)).toEqual([`${address}.lifecycle.ignore_changes`]);
  expect(recreations(fewer, everything)).toEqual([]);
});

test.each(seen)('sees that $address changes $path', ({ address, stack, path }) => {
  const place = `resource.${address}.${path}`;
  const after = changed(everything, stack, place, another(at(everything.get(stack), place)));
  expect(recreations(everything, after).map(({ name }) => name)).toEqual([`${address}.${path}`]);
});

test.each(listed.filter(({ only }) => only !== undefined))(
  'sees that $address turns $path off, but not on',
  ({ address, path }) => {
    const on = changed(stacks, 'platform', `resource.${address}.${path}`, true);
    const off = changed(stacks, 'platform', `resource.${address}.${path}`, false);
    expect(recreations(on, off).map(({ name }) => name)).toEqual([`${address}.${path}`]);
    expect(recreations(off, on)).toEqual([]);
  },
);

describe('knows every input that the provider cannot change in place', () => {
  // `ForceNew` in the provider's source; kept apart from the code, so that neither loses one unseen.
  const cluster =
    'name location project description network subnetwork node_pool node_config initial_node_count cluster_ipv4_cidr ' +
    'ip_allocation_policy.cluster_ipv4_cidr_block ip_allocation_policy.services_ipv4_cidr_block ' +
    'ip_allocation_policy.cluster_secondary_range_name ip_allocation_policy.services_secondary_range_name ' +
    'ip_allocation_policy.pod_cidr_overprovision_config networking_mode private_cluster_config.enable_private_nodes private_cluster_config.master_ipv4_cidr_block ' +
    'private_cluster_config.private_endpoint_subnetwork datapath_provider dataplane_optimization_mode ' +
    'default_max_pods_per_node enable_autopilot enable_kubernetes_alpha enable_tpu confidential_nodes ' +
    'master_auth.client_certificate_config user_managed_keys_config.cluster_ca user_managed_keys_config.etcd_api_ca ' +
    'user_managed_keys_config.etcd_peer_ca user_managed_keys_config.aggregation_ca ' +
    'cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key enable_l4_ilb_subsetting enable_fqdn_network_policy';
  const pool =
    'name name_prefix cluster location project initial_node_count max_pods_per_node placement_policy queued_provisioning ' +
    'network_config.pod_range network_config.create_pod_range network_config.pod_ipv4_cidr_block ' +
    'network_config.additional_node_network_configs network_config.additional_pod_network_configs ' +
    'node_config.service_account node_config.oauth_scopes node_config.spot node_config.preemptible node_config.metadata ' +
    'node_config.shielded_instance_config node_config.min_cpu_platform node_config.guest_accelerator ' +
    'node_config.local_ssd_count node_config.secondary_boot_disks node_config.reservation_affinity';
  const identityPool = 'project workload_identity_pool_id';
  const page = readFileSync('docs/what-recreates-the-cluster.md', 'utf8');

  test.each([
    ['google_container_cluster', cluster],
    ['google_container_node_pool', pool],
    ['google_artifact_registry_repository', 'project location repository_id format'],
    ['google_compute_global_address', 'name'],
    ['google_compute_network', 'name'],
    ['google_compute_subnetwork', 'name region network'],
    ['google_iam_workload_identity_pool', identityPool],
    ['google_iam_workload_identity_pool_provider', `${identityPool} workload_identity_pool_provider_id`],
  ])('%s', (type, names) => {
    expect(page).toContain(type);
    expect(recreatingFields[type]?.map(({ path }) => path).toSorted()).toEqual(names.split(' ').toSorted());
  });

  test.each(listed.map(({ path }) => path))('and tells of %s in docs/', (path) => {
    expect(page).toContain(`\`${path}\``);
  });
});

test('sees an inline pool that comes, and a cluster that goes', () => {
  const inline = changed(stacks, 'platform', 'resource.google_container_cluster.cluster.node_pool', [{ name: 'x' }]);
  expect(recreations(stacks, inline).map(({ name }) => name)).toEqual(['google_container_cluster.cluster.node_pool']);
  const gone = changed(stacks, 'platform', 'resource.google_container_cluster', undefined);
  expect(recreations(stacks, gone).map(({ name }) => name)).toEqual(['google_container_cluster.cluster']);
});

test('sees a state that moves, with which Terraform would make everything a second time', () => {
  const moved = stacksFor(sample({ stateBucket: 'another-bucket' }));
  expect(recreations(stacks, moved).map(({ name }) => name)).toEqual([
    'bootstrap.backend.bucket',
    'platform.backend.bucket',
    'argocd.backend.bucket',
  ]);
});

test('says nothing of what can be changed in place, or is new', () => {
  const after = stacksFor(
    sample({ nodes: { machineType: 'e2-standard-4', minimumPerZone: 2, diskGb: 100 }, maintenanceHourUtc: 3 }),
  );
  expect(recreations(stacks, after)).toEqual([]);
  expect(recreations(new Map(), stacks)).toEqual([]);
});

test('refuses what a word in the settings would destroy', () => {
  const demo = stacksFor(sample({ size: 'demo' }));
  const sentences = refused(recreations(stacks, demo), []);
  expect(sentences).toContain(
    `platform: google_container_cluster.cluster.location changes from "asia-southeast2" to "asia-southeast2-b", which destroys what runs and makes it anew (docs/what-recreates-the-cluster.md). Leave it as it was, or allow it in settings.ts: google.allowRecreation: ['google_container_cluster.cluster.location'].`,
  );
});

test('lets through what is allowed by name, and nothing else', () => {
  const found = recreations(stacks, stacksFor(sample({ name: 'other' })));
  const names = found.map(({ name }) => name);
  expect(refused(found, names)).toEqual([]);
  expect(refused(found, names.slice(1))).toEqual([expect.stringContaining(`${names[0] ?? ''} changes from`)]);
});

test('lets main be after the merge, where an allowance has nothing left to allow', () => {
  expect(refused([], ['google_container_cluster.cluster.location'])).toEqual([]);
});
