import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { isolatedEnvironment, userEnvironment } from '../git.ts';
import { run, type ProcessOptions } from '../program.ts';
import { type OwnFolder, ownProject, readGiven } from './manifests/own-folder.ts';

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

/** Clones a commit of `project`, its HEAD unless said, into `folder`. Throws where the project is no git repository or has no commit. */
export async function makeScratch(
  project: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  commit = 'HEAD',
): Promise<Scratch> {
  const directory = path.join(folder, 'clone');
  const remote = path.join(folder, 'remote.git');
  const scratch: ProcessOptions = { directory: folder, environment: scratchEnvironment(environment), signal };
  await run(scratch, 'git', 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  // Fetched rather than pushed: a push would run the project's own hooks, and fails from a shallow clone. With the user's own
  // configuration, which may be what makes the project a safe.directory.
  // By the second version of git's protocol, which gives any commit by its hash.
  const fetch = [
    '-c',
    `core.hooksPath=${devNull}`,
    '-c',
    'protocol.version=2',
    '-C',
    remote,
    'fetch',
    '--quiet',
    '--update-shallow',
  ];
  await run(
    { ...scratch, environment: userEnvironment(environment) },
    'git',
    ...fetch,
    project,
    `+${commit}:refs/heads/main`,
  );
  await run(scratch, 'git', 'clone', '--quiet', remote, directory);
  await shareModules(project, directory);
  const inside: ProcessOptions = { ...scratch, directory };
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

/** Takes a bare repository away from where it is looked for, or brings it back. */
export async function moveAway(remote: string, isAway: boolean): Promise<void> {
  const aside = `${remote}.away`;
  await (isAway ? rename(remote, aside) : rename(aside, remote));
}

/** What is installed in the project is there for builds in the clone too, and is no part of its commits. */
export async function shareModules(project: string, directory: string): Promise<void> {
  const [installed, own] = [project, directory].map((folder) => path.join(folder, 'node_modules'));
  if (installed === undefined || own === undefined || !existsSync(installed) || existsSync(own)) return;
  await symlink(installed, own, 'junction');
  await leaveOutModules(directory);
}

/** Makes room for packages that a clone installs itself. */
export async function forgetModules(directory: string): Promise<void> {
  await rm(path.join(directory, 'node_modules'), { force: true });
  await leaveOutModules(directory);
}

async function leaveOutModules(directory: string): Promise<void> {
  const excluded = path.join(directory, '.git', 'info', 'exclude');
  // A folder of a clone has none: nothing below it is committed.
  if (existsSync(path.dirname(excluded))) await appendFile(excluded, '/node_modules\n');
}

const identity = { NAME: 'zerodrop rehearsal', EMAIL: 'rehearsal@zerodrop.invalid' };

/** The environment for git and the release in a scratch clone: nothing of the user's configuration, and an own identity. */
export function scratchEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...isolatedEnvironment(environment),
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
  };
}

/**
 * Makes a git repository of a folder of manifests, with an Application of Argo CD that follows it, in the folder of a run. Returns where it
 * is. Throws {@link UsageError} where the folder has not what a rehearsal plays.
 */
export async function writeProject(
  runFolder: string,
  { folder, deployment }: OwnFolder,
  signal: AbortSignal,
): Promise<string> {
  const directory = path.join(runFolder, 'project');
  const { application, objects } = ownProject(await readGiven(folder ?? '.'), folder ?? '.', deployment);
  for (const [name, held] of [
    ['argocd', application],
    ['manifests', objects],
  ] as const) {
    await mkdir(path.join(directory, name), { recursive: true });
    const text = held.map((object) => JSON.stringify(object, null, 2)).join('\n---\n');
    await writeFile(path.join(directory, name, 'objects.yaml'), text);
  }
  const where: ProcessOptions = { directory, environment: scratchEnvironment(process.env), signal };
  await run(where, 'git', 'init', '--quiet', '--initial-branch=main', '.');
  await run(where, 'git', 'add', '--all');
  await run(where, 'git', 'commit', '--quiet', '--message', 'Take the manifests as they stand');
  return directory;
}

const prefix = 'zerodrop-rehearsal-';

/** Makes the temporary folder of one run. Its name carries our process id, so that a later run knows whose it was. */
export async function makeRunFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Removes the folder of a run. */
export async function removeFolder(folder: string): Promise<void> {
  // Retried: a process that was just ended may still be closing its log in there.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what runs left behind that were killed before they could clean up. */
export async function removeStaleFolders(): Promise<void> {
  const stale = staleFolders(await readdir(tmpdir()), isAlive).map((name) => path.join(tmpdir(), name));
  // One that is another user's can't be removed, and is theirs to remove.
  await Promise.allSettled(stale.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The names among these that belong to a run whose process is gone. */
export function staleFolders(names: readonly string[], alive: (processId: number) => boolean): string[] {
  return names.filter((name) => {
    const processId = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    return processId !== undefined && !alive(Number(processId));
  });
}

/** True for a process of this machine that runs. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and is another user's, and so is the folder.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The repository that a rehearsal is started in. */
export interface Project {
  readonly directory: string;
  /** Files with changes that are not committed: they are not part of what is rehearsed. */
  readonly uncommitted: number;
}

/** Finds the project around a directory. Throws where it is no git repository or has no commit yet. */
export async function findProject(started: ProcessOptions): Promise<Project> {
  const where = { ...started, environment: userEnvironment(started.environment) };
  const directory = await run(where, 'git', 'rev-parse', '--show-toplevel').catch((cause: Error) => {
    const said = cause.message.includes('not a git repository');
    throw said
      ? new Error(`${where.directory} is not in a git repository. Rehearse in a clone of zerodrop.`, { cause })
      : cause;
  });
  await run(where, 'git', 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch((cause: unknown) => {
    throw new Error(`${directory} has no commit yet, and a rehearsal plays what is committed. Commit first.`, {
      cause,
    });
  });
  const changes = await run(where, 'git', 'status', '--porcelain');
  return { directory, uncommitted: changes === '' ? 0 : changes.split('\n').length };
}

/** A clone whose pushes are brought to where a cluster looks for them, too. */
export function delivered(scratch: Scratch, deliver: (commit: string) => Promise<void>): Scratch {
  return {
    ...scratch,
    async push() {
      const commit = await scratch.push();
      await deliver(commit);
      return commit;
    },
  };
}
