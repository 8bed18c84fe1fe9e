import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userEnvironment } from 'zerodrop/git';
import { loadProject } from '../../apps/load.ts';
import { driftOfManifests } from '../../checks/drift.ts';
import { brokenLinks } from '../../checks/links.ts';
import { trackedFiles } from '../../checks/tools.ts';
import { prepareCluster } from '../../cluster/synthesize.ts';
import { renderHere } from '../release/render-here.ts';

const execute = promisify(execFile);

/** What an owner writes in the place of the example: everything that docs/ tells them to change, and nothing else. */
const own: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'settings.ts': [
    [/https:\/\/github\.com\/example\/zerodrop/g, 'https://github.com/acme/shop'],
    [
      /asia-southeast2-docker\.pkg\.dev\/example-project\/zerodrop\/web/g,
      'europe-west4-docker.pkg.dev/acme-1/apps/cart',
    ],
    [/name: 'web'/g, "name: 'cart'"],
    [/example-project/g, 'acme-1'],
    [/asia-southeast2/g, 'europe-west4'],
    [/size: 'production'/g, "size: 'demo'"],
    [/ownerId: '1', repositoryId: '2'/g, "ownerId: '4711', repositoryId: '815'"],
    [
      /(services: \[\{[^\]]*)\]/,
      "$1, { name: 'api', image: 'europe-west4-docker.pkg.dev/acme-1/apps/api', build: { context: 'api' } }]",
    ],
    [
      /\{ name: 'production', after: 'staging' \}/,
      "{ name: 'canary', after: 'staging' }, { name: 'production', after: 'canary' }",
    ],
  ],
  'apps/services/web.ts': [
    [/replicas: 3/g, "replicas: 5, in: { live: { namespace: 'cart-1' } }"],
    [/exposure: 'load-balancer'/g, "exposure: 'cluster-ip'"],
  ],
  '.github/CODEOWNERS': [
    [/@example\/platform/g, '@acme/sre @ada'],
    [/@example\/\w+/g, '@acme/everybody'],
  ],
};

/** Environments of other names: docs/how-to/set-up-the-pipeline.md lists the files that have them. */
const named = [
  ['settings.ts', /\b(staging|production)(?=')/g],
  ['.github/CODEOWNERS', /(?<=\/)(staging|production)(?=[/.])/g],
] as const;

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

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path.join(directory, file), 'utf8');
  const after = change(before);
  expect([file, after]).not.toEqual([file, before]);
  await writeFile(path.join(directory, file), after);
}

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

test('with own teams, names, places and sizes every test of the product still passes', async () => {
  for (const [file, changes] of Object.entries(own)) {
    await edit(file, (text) => changes.reduce((changed, [what, by]) => changed.replace(what, by), text));
  }
  for (const [file, where] of named) {
    await edit(file, (text) =>
      text.replaceAll(where, (name) => name.replace('staging', 'qa').replace('production', 'live')),
    );
  }

  const services = path.join(directory, 'apps/services');
  const web = await readFile(path.join(services, 'web.ts'), 'utf8');
  await writeFile(path.join(services, 'api.ts'), web.replace(/, in: .*?\} \}/, ''));
  await rename(path.join(services, 'web.ts'), path.join(services, 'cart.ts'));
  await renderHere(directory);
  await (
    await prepareCluster(await loadProject(directory), directory)
  )();
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Settle in');

  expect(await driftOfManifests(directory)).toEqual([]);
  expect(await brokenLinks(directory)).toEqual([]);
  const tests = await affectedTests();
  expect(tests).toContain('tests/github/codeowners.test.ts');
  expect(tests).toContain('tests/cluster/snapshot.test.ts');
  await run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=1', ...tests);
}, 120_000);
