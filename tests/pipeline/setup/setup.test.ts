import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setupCommand } from '../../../pipeline/doctor/doctor.ts';
import type { Settings } from '../../../settings/settings.ts';
import { settings as sample } from '../../settings/sample.ts';
import { answering } from '../answering.ts';
import { gitHub, type Answers } from '../doctor/answers.ts';
import { type GitHubHere, gitHubHere } from './github-here.ts';

const at = '/repos/acme/shop';
const settings: Settings = {
  ...sample,
  repository: 'https://github.com/acme/shop',
  services: [{ name: 'web', image: 'europe-docker.pkg.dev/acme-1/zerodrop/web' }],
  owners: { developers: '@acme/developers', platform: '@acme/platform', promotions: '@acme/production' },
  clusters: [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4' } }],
};
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-setup-'));
  await mkdir(path.join(directory, '.github'));
  for (const file of ['.github/ruleset.json', '.github/repository.json'])
    await copyFile(file, path.join(directory, file));
  await writeFile(path.join(directory, 'settings.ts'), `export const settings = ${JSON.stringify(settings)};\n`);
});
afterAll(() => rm(directory, { recursive: true }));

/** A repository that was made a moment ago, by an organisation that has its teams and its App. */
const fresh: Answers = {
  '/orgs/acme/teams/platform': gitHub['/orgs/acme/teams/platform'],
  '/apps/shop-release': gitHub['/apps/shop-release'],
  [`${at}/actions/variables/RELEASE_APP_SLUG`]: gitHub[`${at}/actions/variables/RELEASE_APP_SLUG`],
  [`${at}/rulesets?includes_parents=false&per_page=100`]: [],
  [`${at}/actions/permissions/workflow`]: {
    default_workflow_permissions: 'write',
    can_approve_pull_request_reviews: true,
  },
  [`${at}/actions/oidc/customization/sub`]: { use_default: false },
};

/** Runs the command against a GitHub on this machine. Returns how it ended, and what it has shown and asked before. */
async function setUp(here: GitHubHere, args: readonly string[], agrees = false) {
  const shown: string[] = [];
  const show = (text: string): number => shown.push(text);
  const agree = async (question: string): Promise<boolean> => show(question) > 0 && agrees;
  let ended: Awaited<ReturnType<typeof setupCommand>> | undefined;
  await answering(here.answer, async (host) => {
    const environment = { PATH: '', GH_TOKEN: 'a-token', GITHUB_API_URL: `http://${host}` };
    ended = await setupCommand(args, { directory, environment, agree, show });
  });
  return { stdout: ended?.stdout, problems: ended?.problems, shown };
}

const restricted = { protected_branches: false, custom_branch_policies: true };
const expected = [
  ['PUT environments/release', { reviewers: null, deployment_branch_policy: restricted }],
  ['POST environments/release/deployment-branch-policies', { name: 'main' }],
  ['PUT environments/cluster-plan', { reviewers: null, deployment_branch_policy: null }],
  ['PUT environments/cluster', { reviewers: [{ type: 'Team', id: 7 }], deployment_branch_policy: restricted }],
  ['POST environments/cluster/deployment-branch-policies', { name: 'main' }],
  ['POST rulesets', expect.objectContaining({ name: 'main', target: 'branch', enforcement: 'active' })],
  [
    'PUT actions/permissions/workflow',
    { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
  ],
  ['PUT actions/oidc/customization/sub', { use_default: true }],
];

test('nothing is changed that nobody has agreed to', async () => {
  const here = gitHubHere(fresh);

  const { problems, shown } = await setUp(here, []);

  expect(problems).toEqual(['Nothing is changed. To agree without a terminal, add --yes.']);
  expect(shown).toEqual([
    expect.stringMatching(/^environment release: does not exist/),
    'Change acme/shop like this? Type yes: ',
  ]);
  // Each request is shown as it would be made.
  const requests = [...(shown[0] ?? '').matchAll(/^ {4}(\w+ \S+)/gm)].map(([, asked]) => asked);
  expect(requests).toEqual(expected.map(([asked]) => asked));
  expect(here.requests).toEqual([]);
});

test.each([
  ['who agrees', [], true],
  ['--yes', ['--yes'], false],
])('%s: each request is made once, and a second run makes none', async (_, args, agrees) => {
  const here = gitHubHere(fresh);

  expect(await setUp(here, args, agrees)).toMatchObject({
    stdout: '8 requests are done. Run npm run pipeline -- doctor to see what is left.\n',
    problems: [],
  });
  expect(here.requests.map(({ asked, body }) => [asked, body])).toEqual(expected);
  expect(here.requests[5]?.body).toMatchObject({
    bypass_actors: [{ actor_id: 42, actor_type: 'Integration', bypass_mode: 'always' }],
  });

  here.requests.length = 0;
  expect(await setUp(here, args, agrees)).toEqual({
    stdout: 'acme/shop is as .github/ and settings.ts say.\n',
    problems: [],
    shown: [],
  });
  expect(here.requests).toEqual([]);
});

test('a plan without reviewers holds up nothing else, and what is done stays done', async () => {
  const words = 'Failed to create the environment protection rule';
  let lacks = true;
  const here = gitHubHere(fresh, ({ asked }) => (lacks && asked === 'PUT environments/cluster' ? [422, words] : null));

  await expect(setUp(here, ['--yes'])).rejects.toThrow(
    `6 of 8 requests are done.\nenvironment cluster: GitHub answers PUT /repos/acme/shop/environments/cluster with 422: ${words}.\nYour login has to administer the repository, and its plan has to have what is set`,
  );
  // A policy of an environment that is not there would be refused as well.
  expect(here.requests.map(({ asked }) => asked)).toEqual(
    expected
      .map(([asked]) => asked)
      .filter((asked) => asked !== 'POST environments/cluster/deployment-branch-policies'),
  );

  lacks = false;
  here.requests.length = 0;
  await setUp(here, ['--yes']);
  expect(here.requests.map(({ asked }) => asked)).toEqual([
    'PUT environments/cluster',
    'POST environments/cluster/deployment-branch-policies',
  ]);
});

test('a login that may not change settings is told so', async () => {
  const here = gitHubHere(fresh, () => [403, 'Must have admin rights to Repository.']);

  await expect(setUp(here, ['--yes'])).rejects.toThrow(
    /^0 of 8 requests are done\.\nenvironment release: .* with 403: Must have admin rights to Repository\.\n/,
  );
});

test('a token that has expired ends it at the first request', async () => {
  const here = gitHubHere(fresh, () => [401, 'Bad credentials']);

  await expect(setUp(here, ['--yes'])).rejects.toThrow('with 401: Bad credentials.');
  expect(here.requests).toHaveLength(1);
});

test('--expect-unchanged says no where anything differs, and changes nothing', async () => {
  const here = gitHubHere(fresh);

  expect((await setUp(here, ['--expect-unchanged', '--yes'])).problems).toEqual([
    '6 settings of acme/shop are not what git says. Run npm run pipeline -- setup, or change the file.',
  ]);
  expect(here.requests).toEqual([]);
});

test('what the token of a workflow may not read is no difference, and is said', async () => {
  const { [`${at}/actions/permissions/workflow`]: _, '/orgs/acme/teams/platform': __, ...readable } = gitHub;
  const here = gitHubHere(readable);

  expect(await setUp(here, ['--expect-unchanged'])).toMatchObject({
    stdout:
      "not compared: rights of workflows: can't be read: it answers 404: Not Found.\nacme/shop is as .github/ and settings.ts say in everything else.\n",
    problems: [],
  });
});

test('makes the App that is missing, and lets it go past the ruleset', async () => {
  const slug = `${at}/actions/variables/RELEASE_APP_SLUG`;
  const here = gitHubHere({ ...fresh, [slug]: undefined, [at]: gitHub[at] });
  // A gh that sets a variable of the repository at the same GitHub, and nothing else.
  const program = path.join(directory, 'gh');
  await writeFile(
    program,
    `#!${process.execPath}
const [kind, , name, , value] = process.argv.slice(2);
if (kind === 'variable' && name === 'RELEASE_APP_SLUG')
  fetch(process.env.GITHUB_API_URL + '${at}/actions/variables', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + process.env.GH_TOKEN },
    body: JSON.stringify({ name, value }),
  }).then((answer) => process.exit(answer.ok ? 0 : 1));
`,
  );
  await chmod(program, 0o755);
  const asked: string[] = [];
  const made = {
    slug: 'shop-release',
    client_id: 'Iv23',
    pem: '-----BEGIN KEY-----',
    html_url: 'https://github.com/apps/shop-release',
  };
  let ended: unknown;
  let browsed = Promise.resolve();
  await answering(
    (request, response) =>
      request.url?.startsWith('/app-manifests/')
        ? response.writeHead(201).end(JSON.stringify(made))
        : here.answer(request, response),
    async (host) => {
      const environment = { PATH: directory, GH_TOKEN: 'a-token', GITHUB_API_URL: `http://${host}` };
      const show = (told: string): void => {
        const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(told) ?? [];
        if (address === undefined) return;
        browsed = (async () => {
          const [, state] =
            /state&#61;(\w+)|state=(\w+)/.exec(await (await fetch(address)).text())?.filter(Boolean) ?? [];
          await fetch(`${address}created?code=1&state=${state}`);
        })();
      };
      ended = await setupCommand([], {
        directory,
        environment,
        agree: async (question) => asked.push(question) > 0,
        show,
      });
      await browsed;
    },
  );

  expect(ended).toMatchObject({ problems: [], stdout: expect.stringMatching(/^1 requests are done\./) });
  expect(asked).toEqual([
    'Change acme/shop like this? Type yes: ',
    'There is no App that releases yet. Make it now, in a browser? Type yes: ',
    'Change acme/shop like this? Type yes: ',
  ]);
  expect(here.requests.at(-1)).toMatchObject({
    asked: expect.stringMatching(/^PUT rulesets\/\d+$/),
    body: { bypass_actors: [{ actor_id: 42, actor_type: 'Integration', bypass_mode: 'always' }] },
  });
});

test('no App is made where nobody can say whose it would be, nor without a person', async () => {
  const slug = `${at}/actions/variables/RELEASE_APP_SLUG`;
  await expect(setUp(gitHubHere({ ...fresh, [slug]: undefined }), [], true)).rejects.toThrow(
    "No App is made: acme/shop, or its environment release, can't be read, because it answers 404: Not Found.",
  );

  const { shown } = await setUp(gitHubHere({ ...fresh, [slug]: undefined }), ['--yes'], true);
  expect(shown.join('')).not.toContain('There is no App that releases yet.');
});
