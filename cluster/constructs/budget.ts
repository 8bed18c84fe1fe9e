import { BillingBudget } from '@cdktf/provider-google/lib/billing-budget/index.js';
import type { TerraformStack } from 'cdktf';
import type { BudgetSettings } from '../../settings/google.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import { enable } from './apis.ts';

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
