import { type App, type TerraformStack, TerraformOutput } from 'cdktf';
import { gatewaysOf } from '../../apps/exposure.ts';
import { gatewayAddress } from '../argocd/gateway.ts';
import { secrets } from '../argocd/secrets.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { gke, nodePool } from '../constructs/gke.ts';
import { isWatched, monitoring } from '../constructs/monitoring.ts';
import { entrances, network } from '../constructs/network.ts';
import { apis, budget, enable, state } from '../constructs/project.ts';
import { registry } from '../constructs/registry.ts';
import { federation, serviceAccounts } from '../constructs/service-accounts.ts';
import { email, jobIdentities } from '../identities.ts';
import { create, openStack } from '../stack.ts';

/**
 * What has to be there before anything else, and all rights. A person applies it, from their own machine: CI can't change
 * what CI may do.
 */
export function bootstrap(app: App, { google, targets }: ClusterProject): TerraformStack {
  // A person's own login has no project to count its calls against, which the budgets API insists on.
  const counted = google.budget === null ? {} : { billingProject: google.project, userProjectOverride: true };
  const stack = openStack(app, 'bootstrap', google, counted);
  const enabled = apis(stack, google);
  const isCertified = google.argocd.domain !== null || gatewaysOf(targets).length > 0;
  const accounts = serviceAccounts(stack, google, enabled, { isCertified, isWatched: isWatched(google, targets) });
  state(stack, google, accounts);
  secrets(stack, google, enabled);
  if (google.budget !== null) budget(stack, google, google.budget);
  if (isCertified) enable(stack, google, 'certificatemanager');
  if (google.github !== null) {
    const provider = federation(stack, google, google.github, accounts, enabled);
    create(TerraformOutput, stack, 'workload_identity_provider', {
      value: provider.name,
      description: 'GitHub variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER.',
      staticId: true,
    });
  }
  for (const name of jobIdentities) {
    create(TerraformOutput, stack, `${name}_service_account`, { value: email(google, name), staticId: true });
  }
  return stack;
}

/** The network, the cluster with its nodes, the addresses and certificates of what runs there, and the registry of the project's own images. */
export function platform(app: App, { google, registry: images, otherNodes, targets }: ClusterProject): TerraformStack {
  const stack = openStack(app, 'platform', google);
  const made = network(stack, google);
  const cluster = gke(stack, google, made);
  nodePool(stack, google, cluster);
  if (images !== null) registry(stack, google, cluster, images, otherNodes);

  const output = (id: string, value: string) => create(TerraformOutput, stack, id, { value, staticId: true });
  output('project', google.project);
  output('region', google.region);
  output('cluster_name', cluster.name);
  output('cluster_location', google.location);
  output('cluster_host', cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint);
  entrances(stack, google, made.vpc, targets);
  monitoring(stack, google, targets);
  if (google.argocd.domain !== null) {
    output('argocd_ip', gatewayAddress(stack, google, google.argocd.domain).address);
  }
  return stack;
}
