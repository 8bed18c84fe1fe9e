import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { urlToHttpOptions } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GitServer, serveGit } from '../../../../src/rehearse/kubernetes/git.ts';
import { scratchEnvironment } from '../../../../src/rehearse/scratch.ts';

const execute = promisify(execFile);
const environment = scratchEnvironment(process.env);
let folder: string;
let server: GitServer;

async function git(...args: readonly string[]): Promise<string> {
  return (await execute('git', args, { env: environment })).stdout.trim();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
  const [remote, work] = [path.join(folder, 'remote.git'), path.join(folder, 'work')];
  await git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await git('clone', '--quiet', remote, work);
  await writeFile(path.join(work, 'file'), 'first\n');
  await git('-C', work, 'add', 'file');
  await git('-C', work, 'commit', '--quiet', '--message', 'First');
  await git('-C', work, 'push', '--quiet', 'origin', 'HEAD:main');
  server = await serveGit(remote, 'own', '127.0.0.1', environment);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('the repository is cloned over HTTP, and fetched once it has moved', async () => {
  const clone = path.join(folder, 'clone');
  await git('clone', '--quiet', server.url, clone);
  await writeFile(path.join(folder, 'work', 'file'), 'second\n');
  await git('-C', path.join(folder, 'work'), 'commit', '--quiet', '--all', '--message', 'Second');
  await git('-C', path.join(folder, 'work'), 'push', '--quiet', 'origin', 'HEAD:main');
  await git('-C', clone, 'pull', '--quiet');

  expect(await readFile(path.join(clone, 'file'), 'utf8')).toBe('second\n');
});

test('nobody pushes over HTTP', async () => {
  const work = path.join(folder, 'work');

  await expect(git('-C', work, 'push', '--quiet', server.url, 'HEAD:refs/heads/other')).rejects.toThrow(/403/);
  expect(await git('-C', path.join(folder, 'remote.git'), 'branch', '--list')).toBe('* main');
});

test('a path that is no URL is refused, and the server goes on', async () => {
  const { origin } = new URL(server.url);
  const asked = await new Promise<number | undefined>((resolve, reject) => {
    request({ ...urlToHttpOptions(new URL(origin)), path: '//' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });

  expect(asked).toBe(403);
  expect(await git('ls-remote', server.url)).toContain('refs/heads/main');
});

test('once closed it answers no more, and closing twice is fine', async () => {
  await server.close();
  await server.close();

  await expect(git('ls-remote', server.url)).rejects.toThrow(/Failed to connect|Connection refused|Couldn't connect/);
});

test('an address that this machine does not have is told with what to do', async () => {
  await expect(serveGit(path.join(folder, 'remote.git'), 'own', '192.0.2.1', environment)).rejects.toThrow(
    /--git-host is 192\.0\.2\.1, but .*EADDRNOTAVAIL.*Name an address of this machine that Argo CD reaches/,
  );
});
