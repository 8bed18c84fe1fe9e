import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type ProcessOptions, run } from 'zerodrop/rehearse';
import { scratchEnvironment, serveGit } from 'zerodrop/tests/rehearse/parts.ts';

/** A repository on this machine that Argo CD can read. */
export interface ServedRepository {
  /** Its address, as Argo CD is told it. */
  readonly url: string;
  /** The working copy. */
  readonly directory: string;
  /** Commits what is in the working copy, pushes it to this branch, and returns the commit. */
  push(branch?: string): Promise<string>;
  close(): Promise<void>;
}

/** Makes an empty repository in a folder, and serves it. */
export async function serveRepository(folder: string, name: string, signal: AbortSignal): Promise<ServedRepository> {
  const remote = path.join(folder, 'remote.git');
  const directory = path.join(folder, 'clone');
  const environment = scratchEnvironment(process.env);
  const where: ProcessOptions = { directory: folder, environment, signal };
  await mkdir(folder, { recursive: true });
  await run(where, 'git', 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  await run(where, 'git', 'clone', '--quiet', remote, directory);
  const server = await serveGit(remote, name, '127.0.0.1', environment);
  const git = (...args: readonly string[]): Promise<string> => run(where, 'git', '-C', directory, ...args);
  return {
    url: server.url,
    directory,
    async push(branch = 'main') {
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', 'Change');
      await git('push', '--quiet', 'origin', `HEAD:${branch}`);
      return git('rev-parse', 'HEAD');
    },
    close: () => server.close(),
  };
}
