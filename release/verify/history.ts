import { pinPath } from '../../apps/pins.ts';
import { git, GitError } from '../git.ts';

/** Where a commit is to another one. */
export type Lineage = 'earlier' | 'later' | 'unknown';

/** Git's name for a folder at a commit; null where it is not there. */
export async function treeAt(directory: string, commit: string, folder: string): Promise<string | null> {
  const [, , tree] = (await git(directory, 'ls-tree', commit, '--', folder)).split(/\s/);
  return tree ?? null;
}

/** A commit by its 40 digits; null where git knows no such name, also not after a look at the remote. */
export async function findCommit(directory: string, remote: string, name: string): Promise<string | null> {
  const here = await resolve(directory, name);
  if (here !== null || !(await fetched(directory, remote))) return here;
  return resolve(directory, name);
}

/** Where the commit that Argo CD has stands to the one that is awaited. On the line of main, what is not later is earlier. */
export async function lineage(directory: string, remote: string, awaited: string, found: string): Promise<Lineage> {
  const known = await findCommit(directory, remote, found);
  if (known === null) return 'unknown';
  return (await hasCommit(directory, known, awaited)) ? 'later' : 'earlier';
}

/** The commit, at `from` or before it, that released what an environment runs there; null where nothing is pinned. */
export async function releaseOf(directory: string, environment: string, from: string): Promise<string | null> {
  const last = ['log', '--first-parent', '--max-count=1', '--no-show-signature', '--format=%H'];
  const commit = await git(directory, ...last, from, '--', pinPath(environment));
  return commit === '' ? null : commit;
}

async function resolve(directory: string, name: string): Promise<string | null> {
  return orNull(git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`));
}

/** Brings main's newest commits here, and leaves every reference as it is. */
async function fetched(directory: string, remote: string): Promise<boolean> {
  const fetch = git(directory, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', remote, 'main');
  return (await orNull(fetch)) !== null;
}

async function hasCommit(directory: string, later: string, earlier: string): Promise<boolean> {
  return (await orNull(git(directory, 'merge-base', earlier, later))) === earlier;
}

async function orNull(command: Promise<string>): Promise<string | null> {
  try {
    return await command;
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}
