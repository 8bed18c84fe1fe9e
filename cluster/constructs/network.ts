import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat/index.js';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router/index.js';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import type { TerraformStack } from 'cdktf';
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
