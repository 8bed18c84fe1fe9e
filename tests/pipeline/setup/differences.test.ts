import { expect, test } from 'vitest';
import { differencesText } from '../../../pipeline/doctor/doctor.ts';
import { contains } from '../../../pipeline/doctor/finding.ts';
import { differences, readWanted, type Wanted } from '../../../pipeline/setup/differences.ts';
import { asking, gitHub, type Recorded, refused } from '../doctor/recorded.ts';

const at = '/repos/acme/shop';

async function found(others: Recorded, more: Partial<Wanted> = {}, answers = gitHub) {
  const wanted = {
    ...(await readWanted('.')),
    reviewers: ['@acme/platform'],
    app: 'shop-release',
    variables: {},
    ...more,
  };
  return differences(asking(answers, others), 'acme/shop', wanted);
}

/** A repository that was made a moment ago, by an organisation that has its teams. */
const fresh: Recorded = {
  '/orgs/acme/teams/platform': gitHub['/orgs/acme/teams/platform'],
  [`${at}/rulesets?includes_parents=false`]: [],
  [`${at}/actions/permissions/workflow`]: gitHub[`${at}/actions/permissions/workflow`],
  [`${at}/actions/oidc/customization/sub`]: { use_default: true },
};

test('sets up a fresh repository by these requests, in this order', async () => {
  const made = await found({}, { app: null }, fresh);
  const requests = made.flatMap(({ changes }) =>
    changes.map(({ method, path, body }) => ({ request: `${method} ${path}`, body })),
  );
  const restricted = { protected_branches: false, custom_branch_policies: true };
  const reviewers = [{ type: 'Team', id: 7 }];
  expect(requests.slice(0, -1)).toEqual([
    { request: 'PUT environments/release', body: { reviewers: null, deployment_branch_policy: restricted } },
    { request: 'POST environments/release/deployment-branch-policies', body: { name: 'main' } },
    { request: 'PUT environments/cluster-plan', body: { reviewers: null, deployment_branch_policy: null } },
    { request: 'PUT environments/cluster', body: { reviewers, deployment_branch_policy: restricted } },
    { request: 'POST environments/cluster/deployment-branch-policies', body: { name: 'main' } },
  ]);
  expect(requests.at(-1)).toMatchObject({
    request: 'POST rulesets',
    body: { name: 'main', target: 'branch', enforcement: 'active', bypass_actors: [] },
  });
});

test('changes nothing where everything is as git says', async () => {
  expect(await found({})).toEqual([]);
  expect(differencesText('acme/shop', [])).toBe('acme/shop is as .github/ and settings.ts say.\n');
});

test('mends what was changed by hand, and leaves reviewers that somebody added', async () => {
  const policies = { branch_policies: [{ id: 9, name: 'feature/*' }] };
  const [one] = await found({ [`${at}/environments/cluster/deployment-branch-policies`]: policies });
  expect(one?.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT environments/cluster',
    'POST environments/cluster/deployment-branch-policies',
    'DELETE environments/cluster/deployment-branch-policies/9',
  ]);
  const [ruleset] = await found({
    [`${at}/rulesets/21`]: { ...Object(gitHub[`${at}/rulesets/21`]), enforcement: 'evaluate' },
  });
  expect(ruleset?.changes).toMatchObject([
    { method: 'PUT', path: 'rulesets/21', body: { bypass_actors: [{ actor_id: 42, actor_type: 'Integration' }] } },
  ]);
});

test('says who approves, or that nobody is named', async () => {
  const none = await found({ '/orgs/acme/teams/platform': refused(404, 'Not Found') });
  expect(none.map(({ says }) => says)).toEqual(['@acme/platform is no user or team that GitHub knows.']);
  expect((await found({}, { reviewers: [] })).map(({ says }) => says)).toEqual([
    'no reviewer is named: set owners.platform in settings.ts.',
  ]);
});

test('sets a variable, and corrects another value of it', async () => {
  const variables = { REGION: 'x' };
  expect(await found({}, { variables })).toMatchObject([
    { changes: [{ method: 'POST', path: 'actions/variables', body: { name: 'REGION', value: 'x' } }] },
  ]);
  const address = `${at}/actions/variables/REGION`;
  expect(await found({ [address]: { name: 'REGION', value: 'y' } }, { variables })).toMatchObject([
    { says: 'is y, expected x.', changes: [{ method: 'PATCH', path: 'actions/variables/REGION' }] },
  ]);
  expect(await found({ [address]: { name: 'REGION', value: 'x' } }, { variables })).toEqual([]);
  // The token of a workflow may not read variables: nobody knows.
  const [hidden] = await found({ [address]: refused(403, 'Resource not accessible by integration') }, { variables });
  expect(hidden?.changes).toEqual([]);
});

test('shows each request before it is made', async () => {
  const made = await found({ [`${at}/actions/oidc/customization/sub`]: { use_default: false } });
  expect(differencesText('acme/shop', made)).toBe(
    `subject of the jobs' tokens: use_default is false, expected true.\n    PUT actions/oidc/customization/sub {"use_default":true}\n`,
  );
});

test('fields that nobody has set do not count', () => {
  expect(contains({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ c: 2 }] })).toBe(true);
  expect(contains({ b: [{ c: 2 }] }, { b: [{ c: 3 }] })).toBe(false);
  expect(contains(null, { a: 1 })).toBe(false);
});
