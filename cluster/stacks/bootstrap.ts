import { type App, type TerraformStack, TerraformOutput } from 'cdktf';
import { gatewaysOf } from '../../apps/exposure.ts';
import { secrets } from '../argocd/secrets.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { federation } from '../constructs/federation.ts';
import { apis, budget, enable } from '../constructs/project.ts';
import { serviceAccounts } from '../constructs/service-accounts.ts';
import { state } from '../constructs/state.ts';
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
  const accounts = serviceAccounts(stack, google, enabled, isCertified);
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
