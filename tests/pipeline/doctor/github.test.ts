import { expect, test } from 'vitest';
import { readWanted } from '../../../pipeline/doctor/finding.ts';
import { gitHubFindings, unapproved } from '../../../pipeline/doctor/github.ts';
import type { Settings } from '../../../settings/settings.ts';
import { settings as sample } from '../../settings/sample.ts';
import { asking, gitHub, type Recorded, refused, unreviewed } from './recorded.ts';

const at = '/repos/acme/shop';
const github = { ownerId: '4711', repositoryId: '815' };
const settings: Settings = {
  ...sample,
  repository: 'https://github.com/acme/shop',
  clusters: [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4', github } }],
};

/** What is not as it should be where these answers are others, a line each. */
async function found(others: Recorded = {}, owned: Settings = settings, app: string | null = 'shop-release') {
  const wanted = { ...(await readWanted('.')), reviewers: ['@acme/platform'], app, variables: {} };
  const findings = await gitHubFindings(asking(gitHub, others), 'acme/shop', owned, wanted);
  return findings.flatMap(({ state, about, says, mend }) =>
    state === 'ok' ? [] : [`${state} ${about}: ${says} -> ${mend?.split('\n')[0]}`],
  );
}

const setUp = 'npm run pipeline -- setup';
const repository = gitHub[at];
const withChanges = (address: string, changes: object): Recorded => ({
  [address]: { ...Object(gitHub[address]), ...changes },
});

test('finds nothing where everything is set up', async () => {
  expect(await found()).toEqual([]);
});

test('an environment of applies that anybody could use', async () => {
  expect(await found({ [`${at}/environments/cluster`]: unreviewed })).toEqual([
    `missing GitHub: environment cluster: does not ask @acme/platform for an approval. -> ${setUp}`,
  ]);
  expect(await found({ [`${at}/environments/cluster`]: refused(404, 'Not Found') })).toEqual([
    expect.stringMatching(
      /^missing GitHub: environment cluster: does not exist, and GitHub would make it on first use/,
    ),
  ]);
  const everywhere = withChanges(`${at}/environments/release`, {
    deployment_branch_policy: null,
    protection_rules: [],
  });
  expect(await found(everywhere)).toEqual([
    `missing GitHub: environment release: takes every branch, and not main alone. -> ${setUp}`,
  ]);
  const policies = { total_count: 1, branch_policies: [{ id: 5, name: 'release/*' }] };
  expect(await found({ [`${at}/environments/cluster/deployment-branch-policies`]: policies })).toEqual([
    `missing GitHub: environment cluster: takes release/*, expected main. -> ${setUp}`,
  ]);
});

test('a repository of somebody else, a fork, and one that is not there', async () => {
  expect(await found({}, { ...settings, repository: sample.repository })).toEqual([
    expect.stringMatching(/^missing GitHub: repository: settings.ts names the example's/),
  ]);
  expect(await found({ [at]: refused(404, 'Not Found') })).toEqual([
    expect.stringMatching(/it answers 404: Not Found. It does not exist, .* -> gh repo create acme\/shop --private/),
  ]);
  const disabled = { workflows: [{ path: '.github/workflows/check.yaml', state: 'disabled_fork' }] };
  const fork = { [at]: { ...Object(repository), fork: true }, [`${at}/actions/workflows?per_page=100`]: disabled };
  expect(await found(fork)).toEqual([
    'missing GitHub: fork: this is a fork: gh pr create opens pull requests in the original. -> gh repo set-default acme/shop',
    'missing GitHub: workflows: check.yaml is disabled_fork. -> gh workflow enable check.yaml',
  ]);
  const other = { ...github, repositoryId: '2' };
  const clusters = [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4', github: other } }];
  expect(await found({}, { ...settings, clusters })).toEqual([
    expect.stringContaining("-> Write github: { ownerId: '4711', repositoryId: '815' } into settings.ts"),
  ]);
});

test.each([
  ['free', 'has no environments and no rulesets in private repositories'],
  ['team', 'has no required reviewers in private repositories'],
])('what the plan %s does not have', async (name, words) => {
  const plan = { '/orgs/acme': { login: 'acme', plan: { name } } };
  expect(await found(plan)).toEqual([expect.stringMatching(new RegExp(`^missing GitHub: plan: ${name} ${words}`))]);
  const open = { ...plan, [at]: { ...Object(repository), private: false } };
  expect(await found(open)).toEqual([]);
});

test('a plan that the login may not see', async () => {
  expect(await found({ '/orgs/acme': { login: 'acme' } })).toEqual([expect.stringMatching(/^unknown GitHub: plan/)]);
});

test('a ruleset that lets others past', async () => {
  const address = `${at}/rulesets/21`;
  const admin = { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' };
  const none = { [`${at}/rulesets?includes_parents=false&per_page=100`]: [] };
  expect(await found(none)).toEqual([expect.stringContaining('ruleset main: does not exist')]);
  expect(await found(withChanges(address, { enforcement: 'disabled', bypass_actors: [admin] }))).toEqual([
    `missing GitHub: ruleset main: is disabled, expected active; lets RepositoryRole 5 go past it, which .github/ruleset.json does not name; does not let the release App go past it, so no release can be pushed. -> ${setUp}`,
  ]);
  expect(await found(withChanges(address, { rules: [{ type: 'deletion' }] }))).toEqual([
    expect.stringContaining(
      'lacks the rule non_fast_forward; lacks the rule pull_request; lacks the rule required_status',
    ),
  ]);
  // A login that may not change it is not told who may go past it.
  expect(await found(withChanges(address, { bypass_actors: undefined }))).toEqual([]);
  expect(
    await found({ [`${at}/rulesets?includes_parents=false&per_page=100`]: refused(403, 'Upgrade to GitHub Pro') }),
  ).toEqual([
    expect.stringMatching(/^unknown GitHub: ruleset main: can't be read: it answers 403: Upgrade to GitHub Pro/),
  ]);
});

const installed = (changes: object): Recorded => ({
  '/orgs/acme/installations?per_page=100': {
    installations: [{ app_slug: 'shop-release', repository_selection: 'selected', suspended_at: null, ...changes }],
  },
});

test('an App with other rights, in other places, or without its key', async () => {
  expect(await found({}, settings, null)).toContainEqual(
    'missing GitHub: release App: the variable RELEASE_APP_SLUG is not set: there is no App that releases. -> docs/how-to/set-up-the-pipeline.md, step 3: create the release App.',
  );
  const permissions = { contents: 'write', metadata: 'read', pull_requests: 'read', workflows: 'write' };
  expect(await found(withChanges('/apps/shop-release', { permissions }))).toEqual([
    expect.stringContaining('(pull_requests: read, expected write; workflows: write, expected none)'),
  ]);
  expect(await found(installed({ app_slug: 'other' }))).toEqual([expect.stringContaining('is not installed')]);
  expect(await found(installed({ repository_selection: 'all' }))).toEqual([
    expect.stringContaining('in all repositories'),
  ]);
  expect(await found({ [`${at}/environments/release/secrets/RELEASE_APP_KEY`]: refused(404, 'Not Found') })).toEqual([
    expect.stringContaining('the environment release has no RELEASE_APP_KEY.'),
  ]);
});

test('rights of workflows, subjects, owners and the webhook', async () => {
  const approving = { default_workflow_permissions: 'write', can_approve_pull_request_reviews: true };
  expect(await found({ [`${at}/actions/permissions/workflow`]: approving })).toEqual([
    `missing GitHub: rights of workflows: default_workflow_permissions is write, expected read; can_approve_pull_request_reviews is true, expected false. -> ${setUp}`,
  ]);
  expect(await found({ [`${at}/actions/oidc/customization/sub`]: { use_default: false } })).toEqual([
    expect.stringContaining("subject of the jobs' tokens: use_default is false, expected true."),
  ]);
  const errors = { errors: [{ line: 3, column: 1, kind: 'Unknown owner', source: '/apps/ @acme/gone', path: 'x' }] };
  expect(await found({ [`${at}/codeowners/errors`]: errors })).toEqual([
    expect.stringContaining('CODEOWNERS: line 3, /apps/ @acme/gone: Unknown owner.'),
  ]);
  const argocd = { domain: 'argocd.acme.example' };
  const clusters = [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4', github, argocd } }];
  const hook = (changes: object): Recorded => ({
    [`${at}/hooks?per_page=100`]: [
      {
        type: 'Repository',
        id: 12_345_678,
        active: true,
        events: ['push'],
        config: { content_type: 'json', insecure_ssl: '0', url: 'https://argocd.acme.example/api/webhook' },
        last_response: { code: 200, status: 'active', message: 'OK' },
        ...changes,
      },
    ],
  });
  const owned = { ...settings, clusters };
  expect(await found(hook({}), owned)).toEqual([]);
  expect(await found(hook({ events: ['pull_request'] }), owned)).toEqual([expect.stringContaining('sends no push')]);
  expect(await found(hook({ last_response: { code: 400 } }), owned)).toEqual([expect.stringContaining('answered 400')]);
  expect(await found({ [`${at}/hooks?per_page=100`]: [] }, owned)).toEqual([expect.stringContaining('there is none.')]);
});

test('nothing is applied that nobody could refuse', async () => {
  expect(await unapproved(asking(gitHub), 'acme/shop')).toBeNull();
  const address = `${at}/environments/cluster`;
  for (const answer of [
    unreviewed,
    refused(404, 'Not Found'),
    refused(403, 'Resource not accessible by integration'),
  ]) {
    expect(await unapproved(asking(gitHub, { [address]: answer }), 'acme/shop')).toMatch(
      /^The environment cluster .* Run npm run pipeline -- setup/,
    );
  }
});
