import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { upstreamBranch } from '../../../../src/rehearse/kubernetes/git.ts';
import { scratchEnvironment } from '../../../../src/rehearse/scratch.ts';

const execute = promisify(execFile);
const environment = scratchEnvironment(process.env);
let folder: string;
let fork: string;

async function git(...args: readonly string[]): Promise<string> {
  return (await execute('git', args, { env: environment })).stdout.trim();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
  fork = path.join(folder, 'fork.git');
  await git('init', '--quiet', '--bare', '--initial-branch=main', fork);
  await git('init', '--quiet', '--initial-branch=main', path.join(folder, 'work'));
  await git('-C', path.join(folder, 'work'), 'commit', '--quiet', '--allow-empty', '--message', 'First');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function upstream(url: string, signal = new AbortController().signal) {
  return upstreamBranch({ directory: path.join(folder, 'work'), environment, signal }, url, 'web-rehearsal-k3f9ab');
}

test('the play pushes a branch of its own, and takes it away, even after an interruption', async () => {
  const interrupted = new AbortController();
  const { push, remove } = upstream(pathToFileURL(fork).href, interrupted.signal);

  await push();
  expect(await git('-C', fork, 'branch', '--list')).toBe('web-rehearsal-k3f9ab');
  interrupted.abort();
  await remove();
  await remove();
  expect(await git('-C', fork, 'branch', '--list')).toBe('');
});

test('what was never pushed is not taken away', async () => {
  await expect(upstream('file:///nowhere').remove()).resolves.toBeUndefined();
});

test("a repository that takes no push is told in git's words", async () => {
  await writeFile(path.join(fork, 'hooks', 'pre-receive'), '#!/bin/sh\necho no write access >&2\nexit 1\n', {
    mode: 0o755,
  });

  await expect(upstream(pathToFileURL(fork).href).push()).rejects.toThrow(
    /took no push of branch web-rehearsal-k3f9ab\. Check that your git credentials.*no write access/s,
  );
});
