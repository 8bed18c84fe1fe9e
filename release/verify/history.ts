import { git, userEnvironment } from 'zerodrop/git';
import { runProgram } from 'zerodrop/program';
import { pinPath, type TargetPath } from '../../apps/pins.ts';
import type { Surroundings } from '../publish/surroundings.ts';

/** Where a commit is to another one. */
export type Lineage = 'earlier' | 'later' | 'unknown';

/** A clone, its remote, and what ends a fetch that hangs. */
export type Fetching = Pick<Surroundings, 'directory' | 'remote' | 'callMs' | 'signal'>;

/** Git's name for a folder at a commit; null where it is not there. */
export async function treeAt(directory: string, commit: string, folder: string): Promise<string | null> {
  const [, , tree] = (await git(directory, 'ls-tree', commit, '--', folder)).split(/\s/);
  return tree ?? null;
}

/** A commit by its 40 digits; null where git knows no such name, also not after a look at the remote. */
export async function findCommit(fetching: Fetching, name: string): Promise<string | null> {
  const here = await resolve(fetching.directory, name);
  if (here !== null || !(await fetched(fetching))) return here;
  return resolve(fetching.directory, name);
}

/** Where the commit that Argo CD has stands to the one that is awaited. On the line of main, what is not later is earlier. */
export async function lineage(fetching: Fetching, awaited: string, found: string): Promise<Lineage> {
  const known = await findCommit(fetching, found);
  if (known === null) return 'unknown';
  return (await hasCommit(fetching.directory, known, awaited)) ? 'later' : 'earlier';
}

/** The commit, at `from` or before it, that released what an environment runs there; null where nothing is pinned. */
export async function releaseOf(directory: string, target: TargetPath, from: string): Promise<string | null> {
  const last = ['log', '--first-parent', '--max-count=1', '--no-show-signature', '--format=%H'];
  const commit = await git(directory, ...last, from, '--', pinPath(target));
  return commit === '' ? null : commit;
}

async function resolve(directory: string, name: string): Promise<string | null> {
  const asked = git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  // Where there is no git at all, the fetch that follows says so.
  return asked.catch(() => null);
}

/** Brings main's newest commits here, and leaves every reference as it is. */
async function fetched({ directory, remote, callMs, signal }: Fetching): Promise<boolean> {
  const call = { directory, environment: userEnvironment(process.env), limitMs: callMs, signal };
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-auto-maintenance', '--no-write-fetch-head', '--refmap='];
  return (await runProgram(call, 'git', ...fetch, remote, 'main')).exitCode === 0;
}

async function hasCommit(directory: string, later: string, earlier: string): Promise<boolean> {
  return (await git(directory, 'merge-base', earlier, later).catch(() => null)) === earlier;
}
