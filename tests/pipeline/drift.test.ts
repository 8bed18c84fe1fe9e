import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../pipeline/run.ts';
import { answering } from './answering.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-drift-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Issue {
  readonly number: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

/** Runs the command where the jobs ended so, at a GitHub that has these open issues. Returns how it ended, and what it wrote there. */
async function compared(results: Readonly<Record<string, string>>, issues: readonly Issue[], listStatus = 200) {
  const written: { asked: string; body: unknown }[] = [];
  let ended: Awaited<ReturnType<typeof run>> | undefined;
  const needs = Object.fromEntries(Object.entries(results).map(([job, result]) => [job, { result }]));
  await answering(
    async (request, response) => {
      if (request.method === 'GET') response.writeHead(listStatus).end(JSON.stringify(issues));
      else {
        written.push({ asked: `${request.method} ${request.url}`, body: await json(request) });
        response.end('{}');
      }
    },
    async (host) => {
      vi.stubEnv('NEEDS', JSON.stringify(needs));
      vi.stubEnv('GITHUB_API_URL', `http://${host}`);
      vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
      vi.stubEnv('GITHUB_REPOSITORY', 'acme/shop');
      vi.stubEnv('GITHUB_RUN_ID', '99');
      vi.stubEnv('GH_TOKEN', 'a-token');
      ended = await run(['drift', folder]);
    },
  );
  return { ...ended, written };
}

const mark = '<!-- zerodrop: drift -->';
const own: Issue = { number: 7, body: `${mark}\nof yesterday`, user: { type: 'Bot' } };
const quoted: Issue = { number: 8, body: `${mark}\nsomebody asks about it`, user: { type: 'User' } };
const differs = { clusters: 'success', github: 'failure', drift: 'success' };
const same = { clusters: 'success', github: 'success', drift: 'success' };

test('what differs is in one issue, with the words of each job', async () => {
  await mkdir(path.join(folder, 'drift-main-platform'));
  await writeFile(path.join(folder, 'settings.txt'), 'ruleset main: is disabled, expected active. @acme/platform\n');
  await writeFile(path.join(folder, 'drift-main-platform', 'platform.md'), '### platform: No changes.\n');

  const { exitCode, stdout, written } = await compared(differs, [quoted]);

  const body = `${mark}\n${stdout?.replace(/\n$/, '')}`;
  expect([exitCode, written]).toEqual([
    0,
    [
      {
        asked: 'POST /repos/acme/shop/issues',
        body: { title: 'What is there differs from git', body, labels: ['drift'] },
      },
    ],
  ]);
  expect(stdout).toContain('[The run](https://github.com/acme/shop/actions/runs/99)');
  expect(stdout).toContain('| github | failure |');
  expect(stdout).toContain('<details><summary>drift-main-platform/platform.md</summary>\n\n### platform: No changes.');
  // In a fence nobody is called by what a job has printed.
  expect(stdout).toContain('```\nruleset main: is disabled, expected active. @acme/platform\n```');
});

test('the issue is updated in place, and closed when nothing differs', async () => {
  const { written: updated } = await compared(differs, [quoted, own]);
  expect(updated).toEqual([
    {
      asked: 'PATCH /repos/acme/shop/issues/7',
      body: { body: expect.stringContaining('Something differs from what git says') },
    },
  ]);

  const { written: closed } = await compared(same, [quoted, own]);
  expect(closed).toEqual([
    {
      asked: 'PATCH /repos/acme/shop/issues/7',
      body: {
        body: expect.stringContaining('Nothing differs from what git says.'),
        state: 'closed',
        state_reason: 'completed',
      },
    },
  ]);
});

test.each([
  ['nothing differs and none is open', same, [], 200],
  ['a job was cancelled', { ...same, drift: 'cancelled' }, [own], 200],
  ['the repository has no issues', differs, [], 410],
])('nothing is written where %s', async (_, results, issues, status) => {
  const { exitCode, written } = await compared(results, issues, status);

  expect([exitCode, written]).toEqual([0, []]);
});

test('a longer report than GitHub takes is cut', async () => {
  await writeFile(path.join(folder, 'argocd.md'), 'a line of a plan\n'.repeat(8_000));

  const { written } = await compared(differs, []);

  expect(String(Object(written[0]?.body).body).length).toBeLessThan(65_536);
});
