import { BillingBudget } from '@cdktf/provider-google/lib/billing-budget/index.js';
import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import type { TerraformStack } from 'cdktf';
import type { BudgetSettings } from '../../settings/google.ts';
import type { Google } from '../../settings/google/resolve.ts';
import type { IdentityName } from '../identities.ts';
import { create } from '../stack.ts';

/** Turns one of Google's services on, and leaves it on: others in the project may use it too. */
export function enable(stack: TerraformStack, google: Google, name: string): ProjectService {
  return create(ProjectService, stack, `api_${name}`, {
    project: google.project,
    service: `${name}.googleapis.com`,
    disableOnDestroy: false,
  });
}

/** The services that others here wait for. */
export interface EnabledApis {
  readonly iam: ProjectService;
  readonly projects: ProjectService;
  readonly secrets: ProjectService;
}

/** The services of Google that every cluster uses. */
export function apis(stack: TerraformStack, google: Google): EnabledApis {
  for (const name of ['artifactregistry', 'compute', 'container', 'logging', 'monitoring', 'serviceusage', 'storage']) {
    enable(stack, google, name);
  }
  // Scans images as they are pushed; reports what runs badly configured.
  enable(stack, google, 'containerscanning');
  enable(stack, google, 'containersecurity');
  // Answers names in the cluster.
  enable(stack, google, 'dns');
  // Trades GitHub's tokens for Google's, and those for a service account's.
  enable(stack, google, 'sts');
  enable(stack, google, 'iamcredentials');
  return {
    iam: enable(stack, google, 'iam'),
    projects: enable(stack, google, 'cloudresourcemanager'),
    secrets: enable(stack, google, 'secretmanager'),
  };
}

/** Mails when half, nine tenths and all of a month's amount are spent. It stops nothing. */
export function budget(stack: TerraformStack, google: Google, settings: BudgetSettings): BillingBudget {
  return create(BillingBudget, stack, 'budget', {
    billingAccount: settings.billingAccount,
    displayName: `project ${settings.projectNumber}`,
    budgetFilter: {
      // By number: the API answers with it, and an id would show as a change in every plan.
      projects: [`projects/${settings.projectNumber}`],
      calendarPeriod: 'MONTH',
    },
    // Without a currency the billing account's own counts.
    amount: { specifiedAmount: { units: String(settings.monthlyAmount) } },
    thresholdRules: [{ thresholdPercent: 0.5 }, { thresholdPercent: 0.9 }, { thresholdPercent: 1 }],
    dependsOn: [enable(stack, google, 'billingbudgets')],
  });
}

// Who may write the state of `bootstrap` may rewrite everyone's rights: it is not among these.
const applied = ['platform', 'argocd'];

/** Where a plan waits for its approval, as .github/workflows/stack.yaml puts it there. */
const waiting = ['plans'];

/**
 * The bucket of Terraform's state.
 *
 * It holds its own stack's state too, so `npm run pipeline -- up bootstrap` makes it first, and Terraform imports it. In a state that has it
 * already, and in a destroy, Terraform passes over an import.
 */
export function state(
  stack: TerraformStack,
  google: Google,
  accounts: Readonly<Record<IdentityName, ServiceAccount>>,
): StorageBucket {
  const bucket = create(StorageBucket, stack, 'state', {
    name: google.stateBucket,
    location: google.region,
    // Rights by IAM alone, and never for the public.
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    // A state that an apply has broken is brought back from here.
    versioning: { enabled: true },
    lifecycleRule: [
      { action: { type: 'Delete' }, condition: { numNewerVersions: 20 } },
      // A plan that nobody has approved by then is older than what it was made for.
      { action: { type: 'Delete' }, condition: { age: 14, matchesPrefix: ['plans/'], withState: 'ANY' } },
    ],
    lifecycle: { preventDestroy: true },
  });
  // Not importFrom(), which runs terraform while it renders.
  stack.addOverride('import', [{ to: `google_storage_bucket.${bucket.friendlyUniqueId}`, id: google.stateBucket }]);
  const under = (prefixes: readonly string[]) => ({
    title: `under ${prefixes.join(' and ')}`,
    expression: prefixes
      .map((prefix) => `resource.name.startsWith("projects/_/buckets/${google.stateBucket}/objects/${prefix}/")`)
      .join(' || '),
  });
  const grant = (id: string, role: string, who: 'plan' | 'apply', prefixes?: readonly string[]) =>
    create(StorageBucketIamMember, stack, id, {
      bucket: bucket.name,
      role,
      member: accounts[who].member,
      ...(prefixes === undefined ? {} : { condition: under(prefixes) }),
    });
  // Terraform lists workspaces, which a condition on an object's name would refuse. It reads no object.
  grant('state_plan_lists', 'roles/storage.legacyBucketReader', 'plan');
  grant('state_apply_lists', 'roles/storage.legacyBucketReader', 'apply');
  // Plans run without a lock (`-lock=false`): reading is all they need. Not of `bootstrap`: no job plans it.
  grant('state_plan', 'roles/storage.objectViewer', 'plan', applied);
  // To put a plan there, and never over one that somebody has approved; gcloud looks before it writes.
  grant('state_plan_sees', 'roles/storage.objectViewer', 'plan', waiting);
  grant('state_plan_waits', 'roles/storage.objectCreator', 'plan', waiting);
  grant('state_apply', 'roles/storage.objectUser', 'apply', applied);
  grant('state_apply_waits', 'roles/storage.objectViewer', 'apply', waiting);
  return bucket;
}
