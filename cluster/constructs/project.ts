import { BillingBudget } from '@cdktf/provider-google/lib/billing-budget/index.js';
import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import type { TerraformStack } from 'cdktf';
import type { BudgetSettings } from '../../settings/google.ts';
import type { Google } from '../../settings/google/resolve.ts';
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
