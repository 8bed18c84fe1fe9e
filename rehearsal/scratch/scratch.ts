import { symlink } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { userEnvironment } from '../../git/environment.ts';
import { scratchEnvironment } from './environment.ts';
import { run, type Surroundings } from './run.ts';

/** A clone of the project's HEAD with a bare remote of its own: the repository that the rehearsed cluster follows. */
export interface Scratch {
  /** The working copy. */
  readonly directory: string;
  /** The bare repository. */
  readonly remote: string;
  /** The commit of the project that it was made from. */
  readonly revision: string;
  /** Commits all that was changed in the working copy. */
  commit(message: string): Promise<void>;
  /** `git revert` of the newest commit. */
  revert(): Promise<void>;
  /** Pushes to the remote's main and returns the commit. */
  push(): Promise<string>;
}

/** Clones the HEAD of `project` into `folder`. Throws where the project is no git repository or has no commit. */
export async function makeScratch(
  project: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Scratch> {
  const directory = path.join(folder, 'clone');
  const remote = path.join(folder, 'remote.git');
  const scratch: Surroundings = { directory: folder, environment: scratchEnvironment(environment), signal };
  await run(scratch, 'git', 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  // Fetched rather than pushed: a push would run the project's own hooks, and fails from a shallow clone. With the user's own
  // configuration, which may be what makes the project a safe.directory.
  const fetch = ['-c', `core.hooksPath=${devNull}`, '-C', remote, 'fetch', '--quiet', '--update-shallow'];
  await run(
    { ...scratch, environment: userEnvironment(environment) },
    'git',
    ...fetch,
    project,
    '+HEAD:refs/heads/main',
  );
  await run(scratch, 'git', 'clone', '--quiet', remote, directory);
  await symlink(path.join(project, 'node_modules'), path.join(directory, 'node_modules'), 'junction');
  const inside: Surroundings = { ...scratch, directory };
  const git = (...args: readonly string[]): Promise<string> => run(inside, 'git', ...args);
  return {
    directory,
    remote,
    revision: await git('rev-parse', 'HEAD'),
    async commit(message) {
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
    },
    async revert() {
      await git('revert', '--no-edit', 'HEAD');
    },
    async push() {
      await git('push', '--quiet', 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
  };
}
