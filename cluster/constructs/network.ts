import { CertificateManagerCertificateMapEntry } from '@cdktf/provider-google/lib/certificate-manager-certificate-map-entry/index.js';
import { CertificateManagerCertificateMap } from '@cdktf/provider-google/lib/certificate-manager-certificate-map/index.js';
import { CertificateManagerCertificate } from '@cdktf/provider-google/lib/certificate-manager-certificate/index.js';
import { CertificateManagerDnsAuthorization } from '@cdktf/provider-google/lib/certificate-manager-dns-authorization/index.js';
import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js';
import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address/index.js';
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat/index.js';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router/index.js';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import { type TerraformStack, TerraformOutput } from 'cdktf';
import { type Certificate, type Gateway, gatewaysOf, targetAddress } from '../../apps/exposure.ts';
import type { Target } from '../../apps/project.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../stack.ts';

/** The names of the subnet's secondary ranges. The cluster knows its ranges by these and by nothing else. */
export const ranges = { pods: 'pods', services: 'services' } as const;

/** A network of its own with one subnet, and a way out for nodes that have no public address. */
export function network(
  stack: TerraformStack,
  google: Google,
): { readonly vpc: ComputeNetwork; readonly subnet: ComputeSubnetwork } {
  const { name, region } = google;
  const vpc = create(ComputeNetwork, stack, 'network', {
    name,
    // Automatic subnets would take 10.128.0.0/9 in every region (google_compute_network).
    autoCreateSubnetworks: false,
    // Routers tell routes to their own region, where everything here is (google_compute_network).
    routingMode: 'REGIONAL',
  });
  const subnet = create(ComputeSubnetwork, stack, 'subnet', {
    name,
    region,
    network: vpc.id,
    ipCidrRange: google.network.nodes,
    // Made here and named, never by GKE from a CIDR: that re-created the original's cluster on every apply.
    secondaryIpRange: [
      { rangeName: ranges.pods, ipCidrRange: google.network.pods },
      { rangeName: ranges.services, ipCidrRange: google.network.services },
    ],
    // Nodes without a public address reach Artifact Registry and logging through it (gke.md, private nodes).
    privateIpGoogleAccess: true,
    // Who talked to whom, for the day it is asked; half of the flows, to halve what is stored.
    logConfig: { aggregationInterval: 'INTERVAL_5_SEC', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
  });
  const router = create(ComputeRouter, stack, 'router', { name, region, network: vpc.id });
  create(ComputeRouterNat, stack, 'nat', {
    name,
    region,
    router: router.name,
    // Google adds ports to a node, and addresses, as connections grow: nobody has to count them. Ports grow only where a
    // connection's outside port may depend on where it leads (google_compute_router_nat).
    natIpAllocateOption: 'AUTO_ONLY',
    enableDynamicPortAllocation: true,
    enableEndpointIndependentMapping: false,
    minPortsPerVm: 64,
    maxPortsPerVm: 4096,
    sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
    subnetwork: [{ name: subnet.id, sourceIpRangesToNat: ['ALL_IP_RANGES'] }],
    // Dropped connections are the sign of too few ports; the rest would be noise.
    logConfig: { enable: true, filter: 'ERRORS_ONLY' },
  });
  return { vpc, subnet };
}

/** The addresses of these targets' load balancers and Gateways, and the certificates of their host names. */
export function entrances(
  stack: TerraformStack,
  google: Google,
  vpc: ComputeNetwork,
  targets: readonly Target[],
): void {
  for (const target of targets) {
    const address = targetAddress(target);
    if (address !== null) output(stack, `${target.name}_ip`, regionalAddress(stack, google, target.name, address));
  }
  const gateways = gatewaysOf(targets);
  for (const gateway of gateways) {
    const { name, scope, address } = gateway;
    const reserved =
      scope === 'regional'
        ? regionalAddress(stack, google, name, address)
        : create(ComputeGlobalAddress, stack, `address_${name}`, { name: address, lifecycle: kept(google) });
    output(stack, `${name}_ip`, reserved);
    certificates(stack, google, gateway);
  }
  if (gateways.some(({ scope }) => scope === 'regional')) proxies(stack, google, vpc);
}

function output(stack: TerraformStack, id: string, { address }: { readonly address: string }): void {
  create(TerraformOutput, stack, id, { value: address, staticId: true });
}

/** Somebody's DNS names it: another one would be a day without visitors. */
function kept(google: Google): { readonly preventDestroy: boolean } {
  return { preventDestroy: google.deletionProtection };
}

function regionalAddress(stack: TerraformStack, google: Google, id: string, name: string): ComputeAddress {
  return create(ComputeAddress, stack, `address_${id}`, {
    name,
    region: google.region,
    addressType: 'EXTERNAL',
    networkTier: 'PREMIUM',
    lifecycle: kept(google),
  });
}

/**
 * A certificate for each host name. Its owner proves the name by a DNS record, so that the certificate is there before the name leads
 * here: a name that moves is never without one. Only this proof exists in a region (Certificate Manager, "Domain authorization").
 */
function certificates(
  stack: TerraformStack,
  google: Google,
  { name, scope, address, certificates: all }: Gateway,
): void {
  const place = scope === 'regional' ? { location: google.region } : {};
  const made = all.map((certificate) => ({ ...certificate, id: certificateId(certificate) }));
  const signed = made.map(({ host, name: own, id }) => {
    const authorization = create(CertificateManagerDnsAuthorization, stack, `authorization_${id}`, {
      name: own,
      domain: host,
      ...place,
    });
    const record = authorization.dnsResourceRecord.get(0);
    create(TerraformOutput, stack, `dns_${id}`, {
      value: `${record.name} ${record.type} ${record.data}`,
      description: `The DNS record that proves to Google that ${host} is yours.`,
      staticId: true,
    });
    return {
      host,
      own,
      id,
      certificate: create(CertificateManagerCertificate, stack, `certificate_${id}`, {
        name: own,
        managed: { domains: [host], dnsAuthorizations: [authorization.id] },
        ...place,
      }),
    };
  });
  // A Gateway in a region names its certificates by itself.
  if (scope === 'regional') return;
  const map = create(CertificateManagerCertificateMap, stack, `certificates_${name}`, { name: address });
  for (const { host, own, id, certificate } of signed) {
    create(CertificateManagerCertificateMapEntry, stack, `certificate_entry_${id}`, {
      name: own,
      map: map.name,
      hostname: host,
      certificates: [certificate.id],
    });
  }
}

/** A host name as part of an id of Terraform's, which has no dots: no host name has an underscore. */
function certificateId({ host }: Certificate): string {
  return host.replaceAll('.', '_');
}

/** Where the proxies of regional load balancers get addresses from; one for each network and region. */
function proxies(stack: TerraformStack, google: Google, vpc: ComputeNetwork): void {
  create(ComputeSubnetwork, stack, 'proxies', {
    name: `${google.name}-proxies`,
    region: google.region,
    network: vpc.id,
    ipCidrRange: google.network.proxies ?? '',
    purpose: 'REGIONAL_MANAGED_PROXY',
    role: 'ACTIVE',
  });
}
