import { textAt } from '../../terraform-json.ts';
import { type ShapeObject, Rule, because, count, flag, mismatches, text, given } from '../shape.ts';
import { type Owner, account } from './owner.ts';

const time = /^2026-01-0\dT\d\d:00:00Z$/;
const windowHours = 6;

/** Three such windows a week are more than the 48 hours in 32 days that GKE asks for. */
const maintenanceWindow = new Rule((value, path) => {
  const shape = { start_time: time, end_time: time, recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,TH' };
  const wrong = mismatches(value, shape, path);
  const hours = (Date.parse(textAt(value, 'end_time')) - Date.parse(textAt(value, 'start_time'))) / 3_600_000;
  if (wrong.length > 0 || hours === windowHours) return wrong;
  return [{ path, says: `is ${hours} hours long, expected ${windowHours}, so GKE could find no time for an upgrade` }];
});

/** Who reaches the control plane and its nodes, and as whom. */
function access(owner: Owner): ShapeObject {
  return {
    private_cluster_config: {
      enable_private_nodes: because(true, 'nodes would get public addresses'),
      enable_private_endpoint: because(true, 'each plan would show a change, which an apply does not make'),
    },
    control_plane_endpoints_config: {
      dns_endpoint_config: {
        allow_external_traffic: because(true, 'nobody would reach the control plane, people and CI alike'),
      },
      ip_endpoints_config: because({ enabled: false }, 'the control plane would answer at an address, past IAM'),
    },
    master_auth: because(
      { client_certificate_config: { issue_client_certificate: false } },
      'there would be a certificate that can’t be revoked',
    ),
    rbac_binding_config: {
      enable_insecure_binding_system_authenticated: because(false, 'a right could be bound to every Google account'),
      enable_insecure_binding_system_unauthenticated: because(false, 'a right could be bound to everybody'),
    },
    anonymous_authentication_config: because({ mode: 'LIMITED' }, 'the API server would answer anonymous calls'),
    workload_identity_config: because(
      { workload_pool: `${owner.project}.svc.id.goog` },
      'pods would need keys, or be trusted by another project',
    ),
    enable_shielded_nodes: because(true, 'a node could boot what Google did not build'),
    binary_authorization: { evaluation_mode: 'DISABLED' },
    security_posture_config: { mode: 'BASIC' },
    secret_manager_config: { enabled: true },
  };
}

/** The network of pods and Services: ranges by name, policies that are enforced. */
function networking(): ShapeObject {
  return {
    network: '${google_compute_network.network.id}',
    subnetwork: '${google_compute_subnetwork.subnet.id}',
    networking_mode: because('VPC_NATIVE', 'pods would get routes instead of addresses'),
    datapath_provider: because('ADVANCED_DATAPATH', 'network policies would not be enforced'),
    ip_allocation_policy: because(
      { cluster_secondary_range_name: 'pods', services_secondary_range_name: 'services', stack_type: 'IPV4' },
      'GKE could own the ranges, and plans replace the cluster',
    ),
    enable_l4_ilb_subsetting: true,
    gateway_api_config: { channel: 'CHANNEL_STANDARD' },
    dns_config: { cluster_dns: 'CLOUD_DNS', cluster_dns_scope: 'CLUSTER_SCOPE', cluster_dns_domain: 'cluster.local' },
    addons_config: {
      http_load_balancing: { disabled: false },
      dns_cache_config: { enabled: true },
      gce_persistent_disk_csi_driver_config: { enabled: true },
    },
  };
}

/** The pool that GKE makes by itself and that goes at once. */
function firstPool(owner: Owner): ShapeObject {
  return {
    remove_default_node_pool: because(true, 'two pools would run, and one can’t be changed'),
    initial_node_count: 1,
    node_config: {
      service_account: account(owner, 'nodes'),
      oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      disk_type: 'pd-standard',
      disk_size_gb: 20,
      shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
    },
    node_pool_defaults: {
      node_config_defaults: { insecure_kubelet_readonly_port_enabled: 'FALSE', logging_variant: 'DEFAULT' },
    },
  };
}

/** The cluster: private, protected, with Workload Identity, and with nothing in it that makes the provider create it anew. */
export function cluster(owner: Owner): ShapeObject {
  return {
    name: owner.name,
    location: owner.location,
    ...access(owner),
    ...networking(),
    ...firstPool(owner),
    release_channel: because({ channel: 'REGULAR' }, 'the version would be nobody’s to keep up'),
    maintenance_policy: { recurring_window: maintenanceWindow },
    logging_config: because(
      { enable_components: ['SYSTEM_COMPONENTS', 'WORKLOADS'] },
      'nobody could read what pods and nodes said',
    ),
    monitoring_config: {
      enable_components: ['SYSTEM_COMPONENTS'],
      managed_prometheus: { enabled: true },
      advanced_datapath_observability_config: { enable_metrics: true, enable_relay: false },
    },
    cost_management_config: { enabled: true },
    vertical_pod_autoscaling: { enabled: true },
    deletion_protection: because(true, 'one apply could delete the cluster'),
    lifecycle: {
      prevent_destroy: because(true, 'one plan could replace the cluster'),
      ignore_changes: because(
        ['node_config', 'initial_node_count'],
        'the provider would replace the cluster, or overlook a change',
      ),
    },
    timeouts: { create: '45m', update: '90m', delete: '45m' },
  };
}

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

/** The images, where the registry is the project's own: what is pushed stays, and who may read and write it. */
export function registryShapes(owner: Owner): ShapeObject {
  const grant = (to: string, role: string) => ({
    project: owner.project,
    location: owner.registry,
    repository: '${google_artifact_registry_repository.images.name}',
    role,
    member: `serviceAccount:${to}`,
  });
  const others = Object.entries(owner.otherNodes).map(([other, nodes]) => [
    `images_nodes_${other}`,
    grant(nodes, 'roles/artifactregistry.reader'),
  ]);
  return {
    google_artifact_registry_repository: {
      images: {
        repository_id: text,
        location: owner.registry,
        format: 'DOCKER',
        description: 'Images of the service, deployed by digest.',
        docker_config: because({ immutable_tags: true }, 'a tag could be moved to another image'),
        vulnerability_scanning_config: { enablement_config: 'INHERITED' },
        cleanup_policies: because(
          [
            { id: 'keep-recent', action: 'KEEP', most_recent_versions: { keep_count: 100 } },
            {
              id: 'delete-untagged',
              action: 'DELETE',
              condition: { older_than: '15552000s', tag_state: 'UNTAGGED' },
            },
          ],
          'an image that runs could be deleted',
        ),
        lifecycle: because({ prevent_destroy: true }, 'one apply could delete every image'),
      },
    },
    google_artifact_registry_repository_iam_member: {
      images_nodes: grant(account(owner, 'nodes'), 'roles/artifactregistry.reader'),
      images_plan: grant(account(owner, 'plan'), 'roles/artifactregistry.reader'),
      ...given(owner.admitting, {
        images_admission: {
          ...grant('', 'roles/artifactregistry.reader'),
          member: because(
            `principal://iam.googleapis.com/projects/\${data.google_project.own_project.number}/locations/global/workloadIdentityPools/${owner.project}.svc.id.goog/subject/ns/cosign-system/sa/policy-controller-webhook`,
            'others than the admission controller could read images',
          ),
          depends_on: ['google_container_cluster.cluster'],
        },
      }),
      images_push: grant(account(owner, 'push'), 'roles/artifactregistry.writer'),
      ...Object.fromEntries(others),
    },
  };
}
