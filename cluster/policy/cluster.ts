import type { Block, Json, Stacks } from '../terraform-json.ts';
import { at, resourcesOf, textAt } from '../terraform-json.ts';
import { ignores, where } from './block.ts';

interface Expectation {
  readonly path: string;
  readonly value: Json;
  readonly because: string;
}

const expected: readonly Expectation[] = [
  {
    path: 'private_cluster_config.enable_private_nodes',
    value: true,
    because: 'nodes would get public addresses',
  },
  {
    path: 'control_plane_endpoints_config.ip_endpoints_config.enabled',
    value: false,
    because: 'the control plane would answer at an address, past IAM',
  },
  {
    path: 'control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic',
    value: true,
    because: 'nobody would reach the control plane, people and CI alike',
  },
  {
    path: 'master_auth.client_certificate_config.issue_client_certificate',
    value: false,
    because: 'there would be a certificate that can’t be revoked',
  },
  {
    path: 'rbac_binding_config.enable_insecure_binding_system_authenticated',
    value: false,
    because: 'a right could be bound to every Google account',
  },
  {
    path: 'rbac_binding_config.enable_insecure_binding_system_unauthenticated',
    value: false,
    because: 'a right could be bound to everybody',
  },
  { path: 'release_channel.channel', value: 'REGULAR', because: 'the version would be nobody’s to keep up' },
  { path: 'networking_mode', value: 'VPC_NATIVE', because: 'pods would get routes instead of addresses' },
  { path: 'datapath_provider', value: 'ADVANCED_DATAPATH', because: 'network policies would not be enforced' },
  { path: 'enable_shielded_nodes', value: true, because: 'a node could boot what Google did not build' },
  { path: 'remove_default_node_pool', value: true, because: 'two pools would run, and one can’t be changed' },
  { path: 'deletion_protection', value: true, because: 'one apply could delete the cluster' },
  { path: 'lifecycle.prevent_destroy', value: true, because: 'one plan could replace the cluster' },
];

// A CIDR makes GKE own the ranges: from then on each plan replaces the cluster.
const cidrs = [
  'cluster_ipv4_cidr',
  'ip_allocation_policy.cluster_ipv4_cidr_block',
  'ip_allocation_policy.services_ipv4_cidr_block',
];

// A rule about each of none says nothing: so much of it has to be there.
const counted = ['google_container_cluster', 'google_container_node_pool', 'google_storage_bucket'];

/** Private, protected, with Workload Identity, and with nothing in it that makes the provider create it anew. */
export function clusterPolicy(stacks: Stacks): string[] {
  const subnets = resourcesOf(stacks, 'google_compute_subnetwork');
  const clusters = resourcesOf(stacks, 'google_container_cluster').flatMap((cluster) => [
    ...expected.flatMap(({ path, value, because }) =>
      at(cluster.values, path) === value
        ? []
        : [
            `${where(cluster)}: ${path} is not ${JSON.stringify(value)}, so ${because}. Set it in cluster/constructs/gke.ts.`,
          ],
    ),
    ...workloadIdentity(cluster, textAt(stacks.get(cluster.stack), 'provider.google.project')),
    ...rangesByName(cluster, subnets),
    ...ignores(cluster, ['node_config', 'initial_node_count'], 'the provider would replace the cluster'),
  ]);
  return [...counted.flatMap((type) => one(stacks, type)), ...clusters];
}

function one(stacks: Stacks, type: string): string[] {
  const found = resourcesOf(stacks, type);
  if (found.length === 1) return [];
  const names = found.map(where).join(', ') || 'none';
  return [
    `There must be exactly one ${type}, and there is ${names}. For another, make a rule of it in cluster/policy/cluster.ts.`,
  ];
}

function workloadIdentity(cluster: Block, project: string): string[] {
  const pool = at(cluster.values, 'workload_identity_config.workload_pool');
  const own = `${project}.svc.id.goog`;
  if (pool === own) return [];
  return [
    `${where(cluster)}: workload_identity_config.workload_pool is not ${own}, so pods would need keys. Set it in cluster/constructs/gke.ts.`,
  ];
}

function rangesByName(cluster: Block, subnets: readonly Block[]): string[] {
  const given = cidrs.filter((path) => at(cluster.values, path) !== undefined);
  const names = subnets.flatMap(({ values }) => {
    const ranges = values['secondary_ip_range'];
    return Array.isArray(ranges) ? ranges.map((range) => at(range, 'range_name')) : [];
  });
  const missing = ['cluster_secondary_range_name', 'services_secondary_range_name'].filter(
    (key) => !names.some((name) => name !== undefined && name === at(cluster.values, `ip_allocation_policy.${key}`)),
  );
  return [
    ...given.map(
      (path) =>
        `${where(cluster)}: ${path} is a CIDR, so GKE would own the range and plans would replace the cluster. Name a secondary range of the subnet instead.`,
    ),
    ...missing.map(
      (key) =>
        `${where(cluster)}: ip_allocation_policy.${key} names no secondary range of the subnet. Use a name from cluster/constructs/network.ts.`,
    ),
  ];
}
