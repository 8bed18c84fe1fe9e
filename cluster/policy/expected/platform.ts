import { type ShapeObject, because, given, text } from '../shape.ts';
import { cluster, nodePool } from './cluster.ts';
import { type Owner, account, terraformBlock } from './owner.ts';

const range = /^\d+\.\d+\.\d+\.\d+\/\d+$/;
const network = '${google_compute_network.network.id}';

function networkShapes({ name, region }: Owner): ShapeObject {
  return {
    google_compute_network: {
      network: {
        name,
        auto_create_subnetworks: because(false, 'Google takes 10.128.0.0/9 in every region'),
        routing_mode: 'REGIONAL',
      },
    },
    google_compute_subnetwork: {
      subnet: {
        name,
        region,
        network,
        ip_cidr_range: range,
        private_ip_google_access: because(true, 'private nodes reach no registry'),
        secondary_ip_range: [
          { range_name: 'pods', ip_cidr_range: range },
          { range_name: 'services', ip_cidr_range: range },
        ],
        log_config: { aggregation_interval: 'INTERVAL_5_SEC', flow_sampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
      },
    },
    google_compute_router: { router: { name, region, network } },
    google_compute_router_nat: {
      nat: {
        name,
        region,
        router: '${google_compute_router.router.name}',
        nat_ip_allocate_option: 'AUTO_ONLY',
        enable_dynamic_port_allocation: true,
        enable_endpoint_independent_mapping: false,
        min_ports_per_vm: 64,
        max_ports_per_vm: because(4096, 'connections of a busy node would be dropped'),
        source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS',
        subnetwork: [{ name: '${google_compute_subnetwork.subnet.id}', source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }],
        log_config: { enable: true, filter: 'ERRORS_ONLY' },
      },
    },
  };
}

/** The images, where the registry is the project's own: what is pushed stays, and who may read and write it. */
function registryShapes(owner: Owner): ShapeObject {
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
      images_push: grant(account(owner, 'push'), 'roles/artifactregistry.writer'),
      ...Object.fromEntries(others),
    },
  };
}

/** The address and the certificate of a public Argo CD. */
function gatewayShapes({ name, domain }: Owner): ShapeObject {
  return {
    google_compute_global_address: { argocd_address: { name: `${name}-argocd` } },
    google_certificate_manager_certificate: {
      argocd_certificate: { name: `${name}-argocd`, managed: { domains: [domain] } },
    },
    google_certificate_manager_certificate_map: { argocd_certificates: { name: `${name}-argocd` } },
    google_certificate_manager_certificate_map_entry: {
      argocd_certificate_entry: {
        name: `${name}-argocd`,
        map: '${google_certificate_manager_certificate_map.argocd_certificates.name}',
        hostname: domain,
        certificates: ['${google_certificate_manager_certificate.argocd_certificate.id}'],
      },
    },
  };
}

/** All that `platform` may be: the network, the cluster and its nodes, the registry, and the way in to Argo CD. */
export function expectedPlatform(owner: Owner): ShapeObject {
  return {
    terraform: terraformBlock(owner, 'platform'),
    provider: { google: [{ project: owner.project, region: owner.region }] },
    resource: {
      ...networkShapes(owner),
      google_container_cluster: { cluster: cluster(owner) },
      google_container_node_pool: { nodes: nodePool(owner) },
      ...given(owner.registry !== '', registryShapes(owner)),
      ...given(owner.domain !== '', gatewayShapes(owner)),
    },
    output: {
      project: { value: owner.project },
      region: { value: owner.region },
      cluster_name: { value: '${google_container_cluster.cluster.name}' },
      cluster_location: { value: owner.location },
      cluster_host: {
        value: '${google_container_cluster.cluster.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}',
      },
      ...given(owner.domain !== '', {
        argocd_ip: { value: '${google_compute_global_address.argocd_address.address}' },
      }),
    },
  };
}
