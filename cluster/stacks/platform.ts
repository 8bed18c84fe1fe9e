import { type App, type TerraformStack, TerraformOutput } from 'cdktf';
import { gatewayAddress } from '../argocd/gateway.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { gke, nodePool } from '../constructs/gke.ts';
import { entrances, network } from '../constructs/network.ts';
import { registry } from '../constructs/registry.ts';
import { create, openStack } from '../stack.ts';

/** The network, the cluster with its nodes, the addresses and certificates of what runs there, and the registry of the project's own images. */
export function platform(app: App, { google, registry: images, otherNodes, targets }: ClusterProject): TerraformStack {
  const stack = openStack(app, 'platform', google);
  const made = network(stack, google);
  const cluster = gke(stack, google, made);
  nodePool(stack, google, cluster);
  if (images !== null) registry(stack, google, images, otherNodes);

  const output = (id: string, value: string) => create(TerraformOutput, stack, id, { value, staticId: true });
  output('project', google.project);
  output('region', google.region);
  output('cluster_name', cluster.name);
  output('cluster_location', google.location);
  output('cluster_host', cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint);
  entrances(stack, google, made.vpc, targets);
  if (google.argocd.domain !== null) {
    output('argocd_ip', gatewayAddress(stack, google, google.argocd.domain).address);
  }
  return stack;
}
