import { isRecord, says, unknownKeys } from '../value.ts';

/** What an owner gave, not checked yet. */
type Given = Readonly<Record<string, unknown>>;

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && /^[1-9]\d{0,19}$/.test(value);
}

/** The repository's numbers at GitHub, and its app's. */
export function* gitHubProblems(github: unknown): Generator<string> {
  if (github === undefined) return;
  if (!isRecord(github)) {
    yield `google.github ${says(github)}, expected an object with ownerId and repositoryId.`;
    return;
  }
  yield* unknownKeys('google.github.', github, ['ownerId', 'repositoryId', 'app']);
  for (const key of ['ownerId', 'repositoryId']) {
    if (!isNumeric(github[key])) {
      yield `google.github.${key} ${says(github[key])}, expected digits in quotes. Ask GitHub: gh api repos/OWNER/NAME --jq '.owner.id, .id'.`;
    }
  }
  const app = github['app'];
  if (app === undefined) return;
  if (!isRecord(app)) {
    yield `google.github.app ${says(app)}, expected an object with id and installationId.`;
    return;
  }
  yield* unknownKeys('google.github.app.', app, ['id', 'installationId']);
  for (const key of ['id', 'installationId']) {
    if (!isNumeric(app[key])) {
      yield `google.github.app.${key} ${says(app[key])}, expected digits in quotes, as the app's settings page shows them.`;
    }
  }
}

/** The budget, all of it or none. */
export function* budgetProblems(budget: unknown): Generator<string> {
  if (budget === undefined) return;
  if (!isRecord(budget)) {
    yield `google.budget ${says(budget)}, expected an object with billingAccount, projectNumber and monthlyAmount.`;
    return;
  }
  yield* unknownKeys('google.budget.', budget, ['billingAccount', 'projectNumber', 'monthlyAmount']);
  const { billingAccount, projectNumber, monthlyAmount } = budget;
  if (typeof billingAccount !== 'string' || !/^[0-9A-F]{6}(?:-[0-9A-F]{6}){2}$/.test(billingAccount)) {
    yield `google.budget.billingAccount ${says(billingAccount)}, expected XXXXXX-XXXXXX-XXXXXX. List yours: gcloud billing accounts list.`;
  }
  if (!isNumeric(projectNumber)) {
    yield `google.budget.projectNumber ${says(projectNumber)}, expected digits in quotes: gcloud projects describe PROJECT --format='value(projectNumber)'.`;
  }
  if (typeof monthlyAmount !== 'number' || !Number.isSafeInteger(monthlyAmount) || monthlyAmount < 1) {
    yield `google.budget.monthlyAmount ${says(monthlyAmount)}, expected whole units of the billing account's currency, 1 or more.`;
  }
}

/** The rest: when to maintain, when to take down, what may be made anew. */
export function* flagProblems(google: Given): Generator<string> {
  const { maintenanceHourUtc: hour, teardown, allowRecreation } = google;
  if (hour !== undefined && !(typeof hour === 'number' && Number.isInteger(hour) && hour >= 0 && hour <= 23)) {
    yield `google.maintenanceHourUtc ${says(hour)}, expected a whole hour from 0 to 23.`;
  }
  if (teardown !== undefined && typeof teardown !== 'boolean') {
    yield `google.teardown ${says(teardown)}, expected true while taking everything down, or nothing.`;
  }
  if (
    allowRecreation !== undefined &&
    !(Array.isArray(allowRecreation) && allowRecreation.every((name) => typeof name === 'string'))
  ) {
    yield `google.allowRecreation ${says(allowRecreation)}, expected a list of the names that npm run check prints.`;
  }
}
