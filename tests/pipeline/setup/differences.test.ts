import { expect, test } from 'vitest';
import { differencesText } from '../../../pipeline/doctor/doctor.ts';
import { type Change, contains, readWanted, type Wanted } from '../../../pipeline/doctor/finding.ts';
import { differences } from '../../../pipeline/setup/differences.ts';
import { asking, gitHub, type Answers, refused } from '../doctor/answers.ts';

const at = '/repos/acme/shop';

async function found(others: Answers, more: Partial<Wanted> = {}, answers = gitHub) {
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
const fresh: Answers = {
  '/orgs/acme/teams/platform': gitHub['/orgs/acme/teams/platform'],
  [`${at}/rulesets?includes_parents=false&per_page=100`]: [],
  [`${at}/actions/permissions/workflow`]: gitHub[`${at}/actions/permissions/workflow`],
  [`${at}/actions/oidc/customization/sub`]: { use_default: true },
};

test('sets up a fresh repository by these requests, in this order', async () => {
  const made = await found({}, { app: null }, fresh);
  const requests = made.flatMap(({ changes }) =>
    changes.map(({ method, path, body }) => ({ request: `${method} ${path}`, body })),
  );
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

const restricted = { protected_branches: false, custom_branch_policies: true };
const user = { type: 'User', reviewer: { id: 9, login: 'Ada' } };
const cluster = `${at}/environments/cluster`;
const asked = (changes: readonly Change[] | undefined) => changes?.map(({ method, path }) => `${method} ${path}`);

test('mends what was changed by hand by the requests that it takes, and no others', async () => {
  const policies = { branch_policies: [{ id: 9, name: 'feature/*' }] };
  const [one] = await found({ [`${cluster}/deployment-branch-policies`]: policies });
  expect(asked(one?.changes)).toEqual([
    'POST environments/cluster/deployment-branch-policies',
    'DELETE environments/cluster/deployment-branch-policies/9',
  ]);
  const tag = {
    branch_policies: [
      { id: 8, name: 'main' },
      { id: 9, name: 'main', type: 'tag' },
    ],
  };
  const [two] = await found({ [`${cluster}/deployment-branch-policies`]: tag });
  expect(two?.says).toBe('takes main, tag main, expected main.');
  expect(asked(two?.changes)).toEqual(['DELETE environments/cluster/deployment-branch-policies/9']);
});

test('keeps of an environment what somebody has set beside the file: GitHub forgets what is not said again', async () => {
  const rules = [
    { id: 1, type: 'wait_timer', wait_timer: 30 },
    { id: 2, type: 'required_reviewers', prevent_self_review: true, reviewers: [user] },
  ];
  const [one] = await found({ [cluster]: { protection_rules: rules, deployment_branch_policy: restricted } });
  expect(one?.changes).toEqual([
    {
      method: 'PUT',
      path: 'environments/cluster',
      body: {
        wait_timer: 30,
        prevent_self_review: true,
        reviewers: [
          { type: 'User', id: 9 },
          { type: 'Team', id: 7 },
        ],
        deployment_branch_policy: restricted,
      },
    },
  ]);
});

test('says who approves, or that nobody is named', async () => {
  const open = { [cluster]: { protection_rules: [], deployment_branch_policy: restricted } };
  // A workflow may read no team, and does not have to: the environment names it.
  expect(await found({ '/orgs/acme/teams/platform': refused(403, 'Resource not accessible') })).toEqual([]);
  expect(await found({ ...open, '/orgs/acme/teams/platform': refused(404, 'Not Found') })).toEqual([
    {
      state: 'differs',
      about: 'environment cluster',
      says: 'does not ask @acme/platform for an approval; GitHub shows no user or team @acme/platform to this login.',
      changes: [],
    },
  ]);
  // Whoever is named at GitHub alone approves as well.
  expect(await found({}, { reviewers: [] })).toEqual([]);
  expect(await found(open, { reviewers: [] })).toMatchObject([
    { says: 'asks nobody for an approval, and settings.ts names nobody as owners.platform.', changes: [] },
  ]);
  const ada = [{ type: 'required_reviewers', reviewers: [user] }];
  const people = { [cluster]: { protection_rules: ada, deployment_branch_policy: restricted } };
  expect(await found(people, { reviewers: ['@ada'] })).toEqual([]);
});

const ruleset = `${at}/rulesets/21`;
const changed = async (changes: object) => found({ [ruleset]: { ...Object(gitHub[ruleset]), ...changes } });

test('keeps of a ruleset the rules and checks that somebody has added', async () => {
  const own = Object(gitHub[ruleset]).rules;
  const checks = {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: 'check', integration_id: 15_368 }, { context: 'licences' }],
    },
  };
  const [one] = await changed({ rules: [...own.slice(0, 3), checks, { type: 'required_signatures' }] });
  expect(one?.says).toBe('has other parameters for required_status_checks.');
  expect(one?.changes).toMatchObject([
    {
      method: 'PUT',
      path: 'rulesets/21',
      body: {
        rules: [
          { type: 'required_signatures' },
          { type: 'deletion' },
          { type: 'non_fast_forward' },
          { type: 'pull_request', parameters: { required_reviewers: [] } },
          {
            type: 'required_status_checks',
            parameters: {
              strict_required_status_checks_policy: true,
              required_status_checks: [
                { context: 'check', integration_id: 15_368 },
                { context: 'licences' },
                { context: 'cluster' },
              ],
            },
          },
        ],
        bypass_actors: [{ actor_id: 42, actor_type: 'Integration' }],
      },
    },
  ]);
});

test.each([
  [{ enforcement: 'evaluate' }, 'is evaluate, expected active.'],
  [
    { conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: ['refs/heads/main'] } } },
    'is for other branches.',
  ],
  [{ conditions: { ref_name: { include: [], exclude: [] } } }, 'is for other branches.'],
  [
    { bypass_actors: [{ actor_id: 42, actor_type: 'Integration', bypass_mode: 'pull_request' }] },
    'lets Integration 42 (pull_request) go past it, which .github/ruleset.json does not name; does not let the release App go past it, so no release can be pushed.',
  ],
])('a ruleset with %j', async (changes, words) => {
  expect(await changed(changes)).toMatchObject([{ says: words, changes: [{ method: 'PUT', path: 'rulesets/21' }] }]);
});

test('takes nothing from an App that this login may not see', async () => {
  const [one] = await found({ '/apps/shop-release': refused(404, 'Not Found'), [ruleset]: refused(500, 'x') });
  expect(one).toMatchObject({ state: 'unread', about: 'ruleset main: shop-release', changes: [] });
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
