import type { Block, Json, Stacks } from '../terraform-json.ts';
import { at, resourcesOf } from '../terraform-json.ts';
import { ignores, where } from './block.ts';

const expected: readonly (readonly [path: string, value: Json, because: string])[] = [
  ['node_config.workload_metadata_config.mode', 'GKE_METADATA', 'pods could ask for the node’s own identity'],
  ['node_config.shielded_instance_config.enable_secure_boot', true, 'a node could boot what Google did not build'],
  [
    'node_config.kubelet_config.insecure_kubelet_readonly_port_enabled',
    'FALSE',
    'anyone in the network could list its pods',
  ],
  ['node_config.metadata.disable-legacy-endpoints', 'true', 'old metadata paths would answer without a header'],
  ['management.auto_repair', true, 'a broken node would stay'],
  ['management.auto_upgrade', true, 'nodes would fall behind the control plane'],
  ['upgrade_settings.max_unavailable', 0, 'an upgrade would take pods away before there is room for them'],
];

/** Nodes that repair themselves, make room before they go, and are nobody that matters. */
export function nodesPolicy(stacks: Stacks): string[] {
  return [
    ...resourcesOf(stacks, 'google_container_node_pool').flatMap((pool) => [
      ...expected.flatMap(([path, value, because]) =>
        at(pool.values, path) === value
          ? []
          : [
              `${where(pool)}: ${path} is not ${JSON.stringify(value)}, so ${because}. Set it in cluster/constructs/node-pool.ts.`,
            ],
      ),
      ...ownAccount(pool),
      ...ignores(pool, ['initial_node_count', 'node_count'], 'an apply would undo what the autoscaler did'),
    ]),
    ...resourcesOf(stacks, 'google_container_cluster')
      .filter(({ values }) => values['node_pool'] !== undefined)
      .map(
        (cluster) =>
          `${where(cluster)}: node_pool is inline, so a change of it replaces the cluster. Make it a resource of its own.`,
      ),
  ];
}

function ownAccount(pool: Block): string[] {
  const account = at(pool.values, 'node_config.service_account');
  if (
    typeof account === 'string' &&
    account !== 'default' &&
    !account.endsWith('-compute@developer.gserviceaccount.com')
  ) {
    return [];
  }
  return [
    `${where(pool)}: node_config.service_account is the project's default, which may edit everything. Use the nodes' own.`,
  ];
}
