import type { ShapeObject } from '../shape.ts';
import { because, count, flag, text } from '../shape.ts';
import type { Owner } from './owner.ts';
import { account } from './owner.ts';

/** Nodes that repair themselves, make room before they go, and act as an account that may little. */
export function nodePool(owner: Owner): ShapeObject {
  return {
    name: 'nodes',
    cluster: '${google_container_cluster.cluster.id}',
    location: owner.location,
    initial_node_count: owner.location === owner.region ? 1 : 2,
    autoscaling: { min_node_count: count, max_node_count: count, location_policy: 'BALANCED' },
    management: {
      auto_repair: because(true, 'a broken node would stay'),
      auto_upgrade: because(true, 'nodes would fall behind the control plane'),
    },
    upgrade_settings: {
      strategy: 'SURGE',
      max_surge: 1,
      max_unavailable: because(0, 'an upgrade would take pods away before there is room for them'),
    },
    node_config: {
      machine_type: text,
      // A region is a production cluster, whose requests no node may lose at 30 seconds' notice.
      spot: owner.location === owner.region ? false : flag,
      disk_type: 'pd-balanced',
      disk_size_gb: count,
      image_type: 'COS_CONTAINERD',
      service_account: because(
        account(owner, 'nodes'),
        'pods of a node could act as another account, and the project’s default may edit everything',
      ),
      oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      workload_metadata_config: because({ mode: 'GKE_METADATA' }, 'pods could ask for the node’s own identity'),
      metadata: because(
        { 'disable-legacy-endpoints': 'true' },
        'the node’s metadata could start a program, or answer without its header',
      ),
      shielded_instance_config: because(
        { enable_secure_boot: true, enable_integrity_monitoring: true },
        'a node could boot what Google did not build',
      ),
      kubelet_config: because(
        { cpu_manager_policy: 'none', insecure_kubelet_readonly_port_enabled: 'FALSE' },
        'anyone in the network could list its pods',
      ),
    },
    lifecycle: because(
      { ignore_changes: ['initial_node_count', 'node_count'] },
      'an apply would undo what the autoscaler did',
    ),
  };
}
