import type { Block, Json, Stacks } from '../terraform-json.ts';
import { at, resourcesOf } from '../terraform-json.ts';
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

/** Private, protected, with Workload Identity, and with nothing in it that makes the provider create it anew. */
export function clusterPolicy(stacks: Stacks): string[] {
  const subnets = resourcesOf(stacks, 'google_compute_subnetwork');
  return resourcesOf(stacks, 'google_container_cluster').flatMap((cluster) => [
    ...expected.flatMap(({ path, value, because }) =>
      at(cluster.values, path) === value
        ? []
        : [
            `${where(cluster)}: ${path} is not ${JSON.stringify(value)}, so ${because}. Set it in cluster/constructs/gke.ts.`,
          ],
    ),
    ...workloadIdentity(cluster),
    ...rangesByName(cluster, subnets),
    ...ignores(cluster, ['node_config', 'initial_node_count'], 'the provider would replace the cluster'),
  ]);
}

function workloadIdentity(cluster: Block): string[] {
  const pool = at(cluster.values, 'workload_identity_config.workload_pool');
  if (typeof pool === 'string' && pool.endsWith('.svc.id.goog')) return [];
  return [
    `${where(cluster)}: workload_identity_config is missing, so pods would need keys. Set workload_pool to PROJECT.svc.id.goog.`,
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
