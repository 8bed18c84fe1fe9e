import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProject, makeScratch } from '../../../src/rehearse/scratch.ts';

const { signal } = new AbortController();
let folder: string;
let project: string;

function git(directory: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=owner', '-c', 'user.email=owner@example.org'];
  return execFileSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8' }).trim();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-scratch-'));
  project = path.join(folder, 'project');
  await mkdir(project);
  git(project, 'init', '--quiet', '--initial-branch=feature');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a scratch clone has the last commit, and leaves the hooks of the project alone', async () => {
  await writeFile(path.join(project, 'a.txt'), 'committed');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message', 'First');
  const touched = path.join(folder, 'a-hook-ran');
  for (const hook of ['pre-commit', 'pre-push', 'post-checkout', 'reference-transaction']) {
    const file = path.join(project, '.git', 'hooks', hook);
    await writeFile(file, `#!/bin/sh\ntouch ${touched}\n`);
    await chmod(file, 0o755);
  }
  await writeFile(path.join(project, 'a.txt'), 'not committed');

  const scratch = await makeScratch(project, folder, process.env, signal);
  await writeFile(path.join(scratch.directory, 'b.txt'), 'new');
  git(scratch.directory, 'add', 'b.txt');
  git(scratch.directory, 'commit', '--quiet', '--message', 'Second');
  const pushed = await scratch.push();
  await scratch.revert();
  const reverted = await scratch.push();

  expect(scratch.revision).toBe(git(project, 'rev-parse', 'HEAD'));
  expect(git(scratch.directory, 'show', 'HEAD:a.txt')).toBe('committed');
  expect(git(scratch.remote, 'log', '--format=%H', '-n', '2', 'main').split('\n')).toEqual([reverted, pushed]);
  expect(existsSync(path.join(scratch.directory, 'b.txt'))).toBe(false);
  expect(existsSync(touched)).toBe(false);
});

test('a rehearsal that a hook started leaves the repository of the hook alone', async () => {
  await writeFile(path.join(project, 'a.txt'), '');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message', 'First');
  const before = git(project, 'for-each-ref');
  const inHook = { ...process.env, GIT_DIR: path.join(project, '.git'), GIT_WORK_TREE: project };

  const scratch = await makeScratch(project, folder, inHook, signal);

  expect(git(project, 'for-each-ref')).toBe(before);
  expect(git(scratch.remote, 'rev-parse', 'main')).toBe(git(project, 'rev-parse', 'HEAD'));
});

test('what is installed in the project is there for builds, and no part of a commit', async () => {
  await writeFile(path.join(project, 'a.txt'), '');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message', 'First');
  await mkdir(path.join(project, 'node_modules', 'installed'), { recursive: true });

  const scratch = await makeScratch(project, folder, process.env, signal);
  await scratch.commit('Second');

  expect(existsSync(path.join(scratch.directory, 'node_modules', 'installed'))).toBe(true);
  expect(git(scratch.directory, 'ls-files')).toBe('a.txt');
});

test('a project that has committed what it needs is cloned with it', async () => {
  await mkdir(path.join(project, 'node_modules'));
  await writeFile(path.join(project, 'node_modules', 'own.js'), '');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message', 'First');

  const scratch = await makeScratch(project, folder, process.env, signal);

  expect(git(scratch.directory, 'status', '--porcelain')).toBe('');
  expect(existsSync(path.join(scratch.directory, 'node_modules', 'own.js'))).toBe(true);
});

test('what is not committed is counted', async () => {
  await writeFile(path.join(project, 'a.txt'), '');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message', 'First');
  await writeFile(path.join(project, 'b.txt'), '');

  const found = await findProject({ directory: project, environment: process.env, signal });

  expect(found.uncommitted).toBe(1);
});

test('a project without a commit, and a folder without a project, are said', async () => {
  const where = { environment: process.env, signal };

  await expect(findProject({ ...where, directory: project })).rejects.toThrow('has no commit yet');
  await expect(findProject({ ...where, directory: folder })).rejects.toThrow('is not in a git repository');
});
