import type { App, TerraformStack } from 'cdktf';
import { TerraformOutput } from 'cdktf';
import type { ClusterProject } from '../compose.ts';
import { gatewayAddress } from '../constructs/gateway-address.ts';
import { gke } from '../constructs/gke.ts';
import { network } from '../constructs/network.ts';
import { nodePool } from '../constructs/node-pool.ts';
import { registry } from '../constructs/registry.ts';
import { create } from '../create.ts';
import { openStack } from './open-stack.ts';

/** The network, the cluster with its nodes, and the registry, where the images are the project's own. */
export function platform(app: App, { google, registry: images, otherNodes }: ClusterProject): TerraformStack {
  const stack = openStack(app, 'platform', google);
  const cluster = gke(stack, google, network(stack, google));
  nodePool(stack, google, cluster);
  if (images !== null) registry(stack, google, images, otherNodes);

  const output = (id: string, value: string) => create(TerraformOutput, stack, id, { value, staticId: true });
  output('project', google.project);
  output('region', google.region);
  output('cluster_name', cluster.name);
  output('cluster_location', google.location);
  output('cluster_host', cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint);
  if (google.argocd.domain !== null) {
    output('argocd_ip', gatewayAddress(stack, google, google.argocd.domain).address);
  }
  return stack;
}
