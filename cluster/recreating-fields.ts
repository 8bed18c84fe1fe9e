/** A field that can't be changed in place. */
export interface RecreatingField {
  /** As in the JSON: `private_cluster_config.master_ipv4_cidr_block`. */
  readonly path: string;
  /** Only from true to false; on can be turned on in place. */
  readonly only?: 'turned off';
}

function fields(under: string, ...names: readonly string[]): RecreatingField[] {
  return names.map((name) => ({ path: under === '' ? name : `${under}.${name}` }));
}

/**
 * What forces re-creation, by resource type: `ForceNew` in the provider's source (magic-modules, 2026-08), and Google's own
 * refusals. Each is in docs/what-recreates-the-cluster.md, with what it would cost.
 */
export const recreatingFields: Readonly<Record<string, readonly RecreatingField[]>> = {
  google_container_cluster: [
    ...fields('', 'name', 'location', 'project', 'description', 'network', 'subnetwork'),
    // An inline pool, and the default one: the first is all of the cluster, the second comes back with it.
    ...fields('', 'node_pool', 'node_config', 'initial_node_count'),
    ...fields('', 'cluster_ipv4_cidr', 'networking_mode', 'datapath_provider', 'dataplane_optimization_mode'),
    ...fields(
      'ip_allocation_policy',
      'cluster_ipv4_cidr_block',
      'services_ipv4_cidr_block',
      'cluster_secondary_range_name',
      'services_secondary_range_name',
      'pod_cidr_overprovision_config',
    ),
    ...fields(
      'private_cluster_config',
      'enable_private_nodes',
      'master_ipv4_cidr_block',
      'private_endpoint_subnetwork',
    ),
    ...fields('', 'default_max_pods_per_node', 'enable_autopilot', 'enable_kubernetes_alpha', 'enable_tpu'),
    ...fields('', 'confidential_nodes', 'master_auth.client_certificate_config'),
    ...fields('user_managed_keys_config', 'cluster_ca', 'etcd_api_ca', 'etcd_peer_ca', 'aggregation_ca'),
    ...fields('cluster_autoscaling.auto_provisioning_defaults', 'boot_disk_kms_key'),
    { path: 'enable_l4_ilb_subsetting', only: 'turned off' },
    { path: 'enable_fqdn_network_policy', only: 'turned off' },
  ],
  google_container_node_pool: [
    ...fields('', 'name', 'name_prefix', 'cluster', 'location', 'project', 'initial_node_count', 'max_pods_per_node'),
    ...fields('', 'placement_policy', 'queued_provisioning'),
    ...fields(
      'network_config',
      'pod_range',
      'create_pod_range',
      'pod_ipv4_cidr_block',
      'additional_node_network_configs',
      'additional_pod_network_configs',
    ),
    ...fields(
      'node_config',
      'service_account',
      'oauth_scopes',
      'spot',
      'preemptible',
      'metadata',
      'shielded_instance_config',
      'min_cpu_platform',
      'guest_accelerator',
      'local_ssd_count',
      'secondary_boot_disks',
      'reservation_affinity',
    ),
  ],
  // With it go the images: what runs can't be pulled by a new node, nor what a rollback needs.
  google_artifact_registry_repository: fields('', 'project', 'location', 'repository_id', 'format'),
  // The address that people's DNS leads to.
  google_compute_global_address: fields('', 'name'),
  // Google refuses while a cluster is in them; without one, the rest of the network goes with them.
  google_compute_network: fields('', 'name'),
  google_compute_subnetwork: fields('', 'name', 'region', 'network'),
  // CI is locked out until the new one is there, and the old id is taken for 30 days.
  google_iam_workload_identity_pool: fields('', 'project', 'workload_identity_pool_id'),
  google_iam_workload_identity_pool_provider: fields(
    '',
    'project',
    'workload_identity_pool_id',
    'workload_identity_pool_provider_id',
  ),
};
