import { isObject } from '../../terraform-json.ts';
import { type Shape, type ShapeObject, Rule, because, given, mapOf, mismatches, optional, text } from '../shape.ts';
import { cluster, nodePool, registryShapes } from './cluster.ts';
import { monitoringShapes } from './monitoring.ts';
import { type Owner, terraformBlock } from './owner.ts';

/** What there may be beside the entries that have to be there: each by its id. */
interface More {
  readonly key: RegExp;
  readonly shape: (id: string) => Shape;
}

/** These entries, and any more whose ids match. Nothing at all where there are none of either. */
function withEntries({ key, shape }: More, fixed: ShapeObject): Rule {
  const isFixed = (id: string): boolean => Object.hasOwn(fixed, id);
  return new Rule((value, path) => {
    if (value === undefined) return mismatches(Object.keys(fixed).length === 0 ? {} : undefined, fixed, path);
    const entries = isObject(value) ? Object.entries(value) : [];
    const [own, more] = [true, false].map((which) =>
      Object.fromEntries(entries.filter(([id]) => isFixed(id) === which)),
    );
    if (!isObject(value) || own === undefined || more === undefined) return [{ path, says: 'is no object' }];
    return [...mismatches(own, fixed, path), ...mismatches(more, mapOf(key, shape), path)];
  });
}

const named = because({ prevent_destroy: true }, 'an address that DNS leads to could go with one apply');
const hostId = /^[a-z0-9-]+(?:_[a-z0-9-]+)+$/;

function ofHost(prefix: string): RegExp {
  return new RegExp(`^${prefix}_${hostId.source.slice(1)}`);
}

/** The host name that an id stands for: no host name has an underscore. */
function hostOf(id: string, prefix: string): string {
  return id.slice(prefix.length + 1).replaceAll('_', '.');
}

/** Where the proxies of regional load balancers get addresses from, where there is one. */
function proxiesShape(name: string, region: string, network: string, range: RegExp): More {
  const shape = () => ({
    name: `${name}-proxies`,
    region,
    network,
    ip_cidr_range: range,
    purpose: 'REGIONAL_MANAGED_PROXY',
    role: 'ACTIVE',
  });
  return { key: /^proxies$/, shape };
}

/** The addresses of services and Gateways, and the certificates of host names: those of services by a DNS record, Argo CD's by its address. */
function entranceShapes({ name, domain, region }: Owner): ShapeObject {
  const isPublic = domain !== '';
  const location = optional(region);
  return {
    google_compute_address: optional(
      mapOf(/^address_[a-z][a-z0-9-]*$/, () => ({
        name: text,
        region,
        address_type: 'EXTERNAL',
        network_tier: 'PREMIUM',
        lifecycle: named,
      })),
    ),
    google_compute_global_address: withEntries(
      { key: /^address_gateway-[a-z0-9-]+$/, shape: () => ({ name: text, lifecycle: named }) },
      given(isPublic, { argocd_address: { name: `${name}-argocd` } }),
    ),
    google_certificate_manager_dns_authorization: optional(
      mapOf(ofHost('authorization'), (id) => ({ name: text, domain: hostOf(id, 'authorization'), location })),
    ),
    google_certificate_manager_certificate: withEntries(
      {
        key: ofHost('certificate'),
        shape: (id) => ({
          name: text,
          location,
          managed: {
            domains: [hostOf(id, 'certificate')],
            dns_authorizations: [
              `\${google_certificate_manager_dns_authorization.authorization_${id.slice('certificate_'.length)}.id}`,
            ],
          },
        }),
      },
      given(isPublic, { argocd_certificate: { name: `${name}-argocd`, managed: { domains: [domain] } } }),
    ),
    google_certificate_manager_certificate_map: withEntries(
      { key: /^certificates_gateway-[a-z0-9-]+$/, shape: () => ({ name: text }) },
      given(isPublic, { argocd_certificates: { name: `${name}-argocd` } }),
    ),
    google_certificate_manager_certificate_map_entry: withEntries(
      {
        key: ofHost('certificate_entry'),
        shape: (id) => ({
          name: text,
          map: /^\$\{google_certificate_manager_certificate_map\.certificates_gateway-[a-z0-9-]+\.name\}$/,
          hostname: hostOf(id, 'certificate_entry'),
          certificates: [
            `\${google_certificate_manager_certificate.certificate_${id.slice('certificate_entry_'.length)}.id}`,
          ],
        }),
      },
      given(isPublic, {
        argocd_certificate_entry: {
          name: `${name}-argocd`,
          map: '${google_certificate_manager_certificate_map.argocd_certificates.name}',
          hostname: domain,
          certificates: ['${google_certificate_manager_certificate.argocd_certificate.id}'],
        },
      }),
    ),
  };
}

/** What a person needs for the DNS: an address each, and the record that proves a host name. */
const entranceOutputs: More = {
  key: /^(?!argocd)[a-z][a-z0-9-]*_ip$|^dns_[a-z0-9_-]+$/,
  shape: (id) =>
    id.startsWith('dns_')
      ? {
          value:
            /^(?:\$\{google_certificate_manager_dns_authorization\.authorization_[a-z0-9_-]+\.dns_resource_record\[0\]\.(?:name|type|data)\} ?){3}$/,
          description: text,
        }
      : { value: new RegExp(`^\\$\\{google_compute_(?:global_)?address\\.address_${id.slice(0, -3)}\\.address\\}$`) },
};

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
    google_compute_subnetwork: withEntries(proxiesShape(name, region, network, range), {
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
    }),
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

/** All that `platform` may be: the network, the cluster and its nodes, the registry, and the way in to Argo CD. */
export function expectedPlatform(owner: Owner): ShapeObject {
  return {
    terraform: terraformBlock(owner, 'platform'),
    provider: { google: [{ project: owner.project, region: owner.region }] },
    ...given(owner.admitting && owner.registry !== '', {
      data: { google_project: { own_project: { project_id: owner.project } } },
    }),
    resource: {
      ...networkShapes(owner),
      google_container_cluster: { cluster: cluster(owner) },
      google_container_node_pool: { nodes: nodePool(owner) },
      ...given(owner.registry !== '', registryShapes(owner)),
      ...entranceShapes(owner),
      ...monitoringShapes(owner),
    },
    output: withEntries(entranceOutputs, {
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
    }),
  };
}
