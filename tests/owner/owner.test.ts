import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userEnvironment } from 'zerodrop/git';
import { loadProject } from '../../apps/project.ts';
import { brokenLinks } from '../../checks/links.ts';
import { driftOfCodeOwners, forgottenEnvironments, strangersInCodeOwners } from '../../checks/owners.ts';
import { driftOfManifests, trackedFiles } from '../../checks/tools.ts';
import { checkCluster } from '../../cluster/check.ts';
import { prepareCluster } from '../../cluster/synthesize.ts';
import { renderHere } from '../release/render-here.ts';
import { settle } from './settle.ts';

const execute = promisify(execFile);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-owner-'));
  // Git lists what was deleted as well, until that is committed.
  const files = (await trackedFiles('.')).filter((file) => existsSync(file));
  for (const folder of new Set(files.map((file) => path.dirname(file)))) {
    await mkdir(path.join(directory, folder), { recursive: true });
  }
  await Promise.all(files.map((file) => copyFile(file, path.join(directory, file))));
  await symlink(path.resolve('node_modules'), path.join(directory, 'node_modules'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** The tests that read what an owner changes: settings.ts itself, or CODEOWNERS. */
async function affectedTests(): Promise<string[]> {
  const files = await readdir(path.join(directory, 'tests'), { recursive: true });
  const tests = files.map((file) => path.posix.join('tests', file)).filter((file) => file.endsWith('.test.ts'));
  const affected: string[] = [];
  for (const file of tests) {
    const text = await readFile(path.join(directory, file), 'utf8');
    const up = '../'.repeat(file.split('/').length - 1);
    const isAffected = [`from '${up}settings.ts'`, "loadProject('.')", "'.github/CODEOWNERS'"].some((words) =>
      text.includes(words),
    );
    // Those that start programs are slow for what they would add, and this one would run itself.
    if (isAffected && !/^tests\/(?:owner\/owner|release)\b/.test(file)) affected.push(file);
  }
  return affected;
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const env = { ...userEnvironment(process.env), VITEST: undefined };
  await execute(program, args, { cwd: directory, env }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${args.join(' ')} failed:\n${error.stdout}${error.stderr}`);
  });
}

async function git(...args: readonly string[]): Promise<void> {
  await run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args);
}

test('with everything of their own, an owner has nothing to mend in the product', async () => {
  await settle(directory);
  await renderHere(directory);
  await (
    await prepareCluster(await loadProject(directory), directory)
  )();
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Settle in');

  // What npm run check looks at and the settings decide. The rest of it, all tests and a rehearsal are .ci/owner's.
  expect(await driftOfManifests(directory)).toEqual([]);
  expect(await brokenLinks(directory)).toEqual([]);
  expect(await forgottenEnvironments(directory)).toEqual([]);
  expect(await driftOfCodeOwners(directory)).toEqual([]);
  expect(await strangersInCodeOwners(directory)).toEqual([]);
  expect(await checkCluster(directory)).toEqual([]);
  const tests = await affectedTests();
  expect(tests).toContain('tests/github/codeowners.test.ts');
  expect(tests).toContain('tests/cluster/terraform-json.test.ts');
  await run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=1', ...tests);
}, 120_000);
