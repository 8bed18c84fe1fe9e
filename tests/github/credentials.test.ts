import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sources } from './workflows.ts';

const token = 'a-token';
let directory: string;
let environment: Record<string, string>;

/** Runs the action's own script, and reads the variables that it leaves to the steps after it. */
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-credentials-'));
  const file = path.join(directory, 'environment');
  const action = sources.find((source) => source.file === '.github/actions/release-app/action.yaml');
  const script = action?.steps.find(({ run }) => run !== undefined)?.run ?? '';
  execFileSync('bash', ['-eo', 'pipefail', '-c', script], {
    env: {
      ...process.env,
      GH_TOKEN: token,
      // Nothing answers there: the address is that without a number.
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_ENV: file,
      GITHUB_SERVER_URL: 'https://github.com',
      SLUG: 'zerodrop-release',
    },
  });
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  environment = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
});

afterAll(() => rm(directory, { recursive: true }));

function git(args: string[], input = '', withToken = token): string {
  const env = {
    ...process.env,
    ...environment,
    GH_TOKEN: withToken,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8', input, env });
}

test("git finds the App's token for GitHub in the step's own variable", () => {
  const found = git(['credential', 'fill'], 'protocol=https\nhost=github.com\n\n');

  expect(found).toContain('username=x-access-token\npassword=a-token\n');
});

test('the token is written into no file', async () => {
  expect(Object.values(environment).join('\n')).not.toContain(token);
});

test('commits are made in the name of the App', () => {
  expect(git(['var', 'GIT_AUTHOR_IDENT'])).toMatch(
    /^zerodrop-release\[bot\] <zerodrop-release\[bot\]@users\.noreply\.github\.com> /,
  );
});
