import { expect, test } from 'vitest';
import { problems } from './sample.ts';

const github = { ownerId: '1', repositoryId: '22' };
const budget = { billingAccount: '0A1B2C-3D4E5F-678901', projectNumber: '123456789012', monthlyAmount: 100 };

test.each([
  { github },
  { github: { ...github, app: { id: '3', installationId: '4' } } },
  { budget },
  { maintenanceHourUtc: 0, teardown: true, allowRecreation: ['google_container_cluster.cluster.location'] },
])('takes %j', (change) => {
  expect(problems(change)).toEqual([]);
});

test.each([
  [{ github: 'example/zerodrop' }, "google.github is 'example/zerodrop', expected an object with ownerId and"],
  [
    { github: { ...github, ownerId: 'example' } },
    "google.github.ownerId is 'example', expected digits in quotes. Ask GitHub: gh api repos/OWNER/NAME",
  ],
  [{ github: { ...github, repositoryId: 22 } }, 'google.github.repositoryId is 22, expected digits in quotes.'],
  [{ github: { ...github, name: 'x' } }, 'google.github.name is not a setting.'],
  [{ github: { ...github, app: 3 } }, 'google.github.app is 3, expected an object with id and installationId.'],
  [
    { github: { ...github, app: { id: '3' } } },
    'google.github.app.installationId is missing, expected digits in quotes',
  ],
  [{ budget: 100 }, 'google.budget is 100, expected an object with billingAccount, projectNumber and monthlyAmount.'],
  [
    { budget: { ...budget, billingAccount: '0a1b2c-3d4e5f-678901' } },
    "google.budget.billingAccount is '0a1b2c-3d4e5f-678901', expected XXXXXX-XXXXXX-XXXXXX.",
  ],
  [{ budget: { ...budget, projectNumber: 'example' } }, "google.budget.projectNumber is 'example', expected digits"],
  [{ budget: { ...budget, monthlyAmount: 0.5 } }, 'google.budget.monthlyAmount is 0.5, expected whole units'],
  [{ maintenanceHourUtc: 24 }, 'google.maintenanceHourUtc is 24, expected a whole hour from 0 to 23.'],
  [{ teardown: 'yes' }, "google.teardown is 'yes', expected true"],
  [{ allowRecreation: 'all' }, "google.allowRecreation is 'all', expected a list of the names"],
])('refuses %j', (change, sentence) => {
  expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
});
