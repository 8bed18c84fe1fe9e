import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { settings } from '../settings/sample.ts';
import { renderedRepository, type Repository, temporaryFolder } from './repository.ts';

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly processId: number;
  readonly ended: Promise<Ended>;
}

/** Starts the command as a person would, in a process group of its own. */
function start(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', 'release/main.ts', ...args], {
    env: environment,
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { processId: child.pid ?? 0, ended };
}

function asked({ directory }: Repository, image = `${settings.image}:1.2.3@sha256:${'0'.repeat(64)}`): string[] {
  return ['--directory', directory, '--environment', 'staging', '--image', image, '--source', 'a'.repeat(40)];
}

test('commits, and prints the commit in one line; then there is nothing to do', async () => {
  const repository = renderedRepository();
  expect(await start(asked(repository)).ended).toEqual({
    exitCode: 0,
    stdout: `${repository.git('log', '-1', '--format=%h %s')}\n`,
    stderr: '',
  });
  expect(repository.git('log', '-1', '--format=%s')).toBe('Release web 1.2.3 to staging');
  const again = await start(asked(repository)).ended;
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Nothing to commit: staging has /) });
});

test('exits 1 where the guard refuses, and commits what it is allowed', async () => {
  const { staging, production } = settings.environments;
  if (staging === undefined || production === undefined) throw new Error('The sample settings have changed.');
  const unchecked = { because: 'a test', maxUnavailable: 1 };
  const repository = renderedRepository({
    ...settings,
    environments: { staging: { ...staging, unchecked }, production },
  });
  const before = repository.state();
  const refused = await start(asked(repository)).ended;
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/--allow max-unavailable --because "\.\.\."\.\nRefused: nothing is written\.\n$/);
  expect(repository.state()).toBe(before);
  const allowed = await start([...asked(repository), '--allow', 'max-unavailable', '--because', 'a test']).ended;
  expect(allowed).toMatchObject({
    exitCode: 0,
    stderr: 'Allowed max-unavailable: manifests/staging/web.yaml: Deployment web-staging/web\n',
  });
});

test('exits 2 for wrong use and wrong settings', async () => {
  const repository = renderedRepository();
  const before = repository.state();
  const [image, help] = await Promise.all([start(asked(repository, 'web:1.2.3')).ended, start(['--help']).ended]);
  expect(image).toMatchObject({ exitCode: 2, stdout: '' });
  expect(image.stderr).toMatch(/^release: --image is "web:1\.2\.3", which names no digest.*\n$/);
  expect(help).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('npm run release -- ') });
  expect(repository.state()).toBe(before);
  repository.write('settings.ts', 'export const settings = {};\n');
  const wrong = await start(asked(repository)).ended;
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('settings.ts: ') });
});

test('exits 3 outside of a repository, and without git', async () => {
  const repository = renderedRepository();
  const [outside, gitless] = await Promise.all([
    start(asked({ ...repository, directory: temporaryFolder() })).ended,
    start(asked(repository), { ...process.env, PATH: temporaryFolder() }).ended,
  ]);
  expect(outside).toMatchObject({ exitCode: 3, stdout: '' });
  expect(outside.stderr).toMatch(/^release: .+ is in no git repository with a working tree .+\n$/);
  expect(gitless).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: 'release: git is not installed, or not on PATH. Install it, or mend PATH, and release again.\n',
  });
});

test('puts the files back when it is interrupted in a hook', async () => {
  const repository = renderedRepository();
  const reached = join(temporaryFolder(), 'reached');
  repository.hook('pre-commit', `touch '${reached}'`, 'exec sleep 60');
  const before = repository.state();
  const { processId, ended } = start(asked(repository));
  while (!existsSync(reached)) await pause(20);
  process.kill(-processId, 'SIGINT');
  expect(await ended).toMatchObject({
    exitCode: 3,
    stdout: '',
    stderr: expect.stringContaining('every file is as it was'),
  });
  expect(repository.state()).toBe(before);
});
