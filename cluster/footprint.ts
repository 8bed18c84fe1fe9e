import type { ClusterProject } from './compose.ts';

/** What Google counts in its bill, as numbers; the prices are Google's and change. */
export interface Footprint {
  /** Nodes with nothing to do, and when the autoscaler has added all it may. */
  readonly nodes: { readonly least: number; readonly most: number };
  readonly diskGbPerNode: number;
  /** Public IPv4 addresses; Cloud NAT takes more than its one when connections need them. */
  readonly addresses: number;
  /** Network load balancers, one for each target that has one. */
  readonly networkBalancers: number;
  /** Application load balancers: Argo CD's Gateway. */
  readonly applicationBalancers: number;
}

/** How much of Google a cluster takes. */
export function footprint({ google, targets }: Pick<ClusterProject, 'google' | 'targets'>): Footprint {
  const { minimumPerZone, maximumPerZone, diskGb } = google.nodes;
  const networkBalancers = targets.filter(({ workload }) => workload.exposure === 'load-balancer').length;
  const applicationBalancers = google.argocd.domain === null ? 0 : 1;
  return {
    nodes: { least: minimumPerZone * google.zones, most: maximumPerZone * google.zones },
    diskGbPerNode: diskGb,
    addresses: 1 + networkBalancers + applicationBalancers,
    networkBalancers,
    applicationBalancers,
  };
}

/** A footprint as half a sentence. */
export function sayFootprint(it: Footprint): string {
  const balancers = it.networkBalancers + it.applicationBalancers;
  return `${it.nodes.least} to ${it.nodes.most} nodes, ${it.addresses} public addresses, load balancers: ${balancers}`;
}
