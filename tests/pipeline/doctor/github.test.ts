import { expect, test } from 'vitest';
import { signInFinding } from '../../../pipeline/doctor/app.ts';
import { readWanted } from '../../../pipeline/doctor/finding.ts';
import { gitHubFindings, unapproved } from '../../../pipeline/doctor/github.ts';
import type { Settings } from '../../../settings/settings.ts';
import { settings as sample } from '../../settings/sample.ts';
import { asking, gitHub, type Answers, refused, unreviewed } from './answers.ts';

const at = '/repos/acme/shop';
const github = { ownerId: '4711', repositoryId: '815' };
const settings: Settings = {
  ...sample,
  repository: 'https://github.com/acme/shop',
  clusters: [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4', github } }],
};

/** What is not as it should be where these answers are others, a line each. */
async function found(others: Answers = {}, owned: Settings = settings, app: string | null = 'shop-release') {
  const wanted = { ...(await readWanted('.')), reviewers: ['@acme/platform'], app, variables: {} };
  const findings = await gitHubFindings(asking(gitHub, others), 'acme/shop', owned, wanted);
  return findings.flatMap(({ state, about, says, mend }) =>
    state === 'ok' ? [] : [`${state} ${about}: ${says} -> ${mend?.split('\n')[0]}`],
  );
}

const setUp = 'npm run pipeline -- setup';
const repository = gitHub[at];
const withChanges = (address: string, changes: object): Answers => ({
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
    expect.stringMatching(/^missing settings: repository: settings.ts names the example's/),
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

test('owners of the example, and none in CODEOWNERS', async () => {
  const owners = { developers: '@acme/developers @example/guests', platform: '@acme/platform', promotions: '@ada' };
  expect(await found({}, { ...settings, owners })).toEqual([
    expect.stringContaining("settings: owners: @acme/developers @example/guests are the example's"),
  ]);
  expect(await found({ [`${at}/codeowners/errors`]: refused(404, 'Not Found') })).toEqual([
    'missing GitHub: CODEOWNERS: main has none, so no approval of an owner is asked for. -> npm run synth',
  ]);
});

const actions = (changes: object) => found(withChanges(`${at}/actions/permissions`, changes));

test('Actions that are off, or limited', async () => {
  expect(await actions({ enabled: false })).toEqual([
    'missing GitHub: workflows: Actions are off. -> gh api --method PUT repos/acme/shop/actions/permissions -F enabled=true -f allowed_actions=all',
  ]);
  expect(await actions({ allowed_actions: 'local_only' })).toEqual([
    expect.stringMatching(/^missing .*-f allowed_actions=selected$/),
  ]);
  expect(await actions({ allowed_actions: 'selected' })).toEqual([
    expect.stringMatching(/^unknown .*lists those that/),
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

const installed = (changes: object): Answers => ({
  '/orgs/acme/installations?per_page=100': {
    installations: [{ app_slug: 'shop-release', repository_selection: 'selected', suspended_at: null, ...changes }],
  },
});

test('an App with other rights, in other places, or without its key', async () => {
  expect(await found({}, settings, null)).toContainEqual(
    'missing GitHub: release App: the variable RELEASE_APP_SLUG is not set: there is no App that releases. -> npm run pipeline -- setup   # makes it in a browser',
  );
  const permissions = { contents: 'write', metadata: 'read', pull_requests: 'read', workflows: 'write' };
  expect(await found(withChanges('/apps/shop-release', { permissions }))).toEqual([
    expect.stringContaining('(pull_requests: read, expected write; workflows: write, expected none)'),
  ]);
  expect(
    await found(withChanges(`${at}/environments/release/variables/RELEASE_APP_CLIENT_ID`, { value: 'Iv9' })),
  ).toEqual([
    'missing GitHub: release App: RELEASE_APP_CLIENT_ID of the environment release is Iv9, and shop-release has Iv23x. -> gh variable set RELEASE_APP_CLIENT_ID --env release --body Iv23x',
  ]);
  expect(
    await found({ [at]: { ...Object(repository), private: false, owner: { login: 'ada', id: 4_711, type: 'User' } } }),
  ).toEqual([expect.stringMatching(/^unknown GitHub: release App: .*https:\/\/github.com\/settings\/installations$/)]);
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
  const hook = (changes: object): Answers => ({
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
  const insecure = { content_type: 'json', insecure_ssl: '1', url: 'https://argocd.acme.example/api/webhook' };
  expect(await found(hook({ config: insecure }), owned)).toEqual([expect.stringContaining('verify the certificate')]);
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

const provider = (prefix: string) =>
  `projects/1/locations/global/workloadIdentityPools/${prefix}-github/providers/github`;

test('the variable that lets the workflows in names a provider of each cluster', async () => {
  const address = `${at}/actions/variables/GOOGLE_WORKLOAD_IDENTITY_PROVIDER`;
  const state = async (value: unknown, owned = settings) => {
    const others = { [address]: typeof value === 'string' ? { name: 'X', value } : value };
    const { state: is, says } = await signInFinding(asking(gitHub, others), 'acme/shop', owned);
    return `${is}: ${says}`;
  };
  expect(await state(provider('zerodrop'))).toMatch(/^ok/);
  expect(await state(provider('other'))).toBe('missing: it names no provider for main.');
  expect(await state(refused(404, 'Not Found'))).toMatch(/^missing: it is not set/);
  expect(await state(refused(403, 'No'))).toBe("unknown: it can't be read: it answers 403: No.");
  const [main] = settings.clusters;
  const clusters = [main, { ...Object(main), name: 'east' }];
  const both = { ...settings, clusters };
  expect(await state(`main=${provider('zerodrop')}`, both)).toBe('missing: it names no provider for east.');
  expect(await state(`main=${provider('zerodrop')}\neast=${provider('zerodrop')}`, both)).toMatch(/^ok/);
});
