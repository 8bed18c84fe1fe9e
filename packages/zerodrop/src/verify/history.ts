import { git, userEnvironment } from '../git.ts';
import { runProgram } from '../program.ts';

/** Where a commit is to another one. */
export type Lineage = 'earlier' | 'later' | 'unknown';

/** A clone and the branch of a remote that Argo CD follows, and what ends a fetch that hangs. */
export interface Fetching {
  readonly directory: string;
  readonly remote: string;
  readonly branch: string;
  /** One call of git ends after this. */
  readonly callMs: number;
  readonly signal: AbortSignal;
}

/** Git's name for a path at a commit; null where it is not there. */
export async function treeAt(directory: string, commit: string, path: string): Promise<string | null> {
  const isRoot = path === '' || path === '.';
  if (isRoot) return git(directory, 'rev-parse', `${commit}^{tree}`);
  const [, , tree] = (await git(directory, 'ls-tree', '--full-tree', commit, '--', path)).split(/\s/);
  return tree ?? null;
}

/** A commit by its 40 digits; null where git knows no such name, also not after a look at the remote. */
export async function findCommit(fetching: Fetching, name: string): Promise<string | null> {
  const here = await resolve(fetching.directory, name);
  if (here !== null || !(await fetched(fetching))) return here;
  return resolve(fetching.directory, name);
}

/** Where the commit that Argo CD has is to the one that is awaited. On the line of a branch, what is not later is earlier. */
export async function lineage(fetching: Fetching, awaited: string, found: string): Promise<Lineage> {
  const known = await findCommit(fetching, found);
  if (known === null) return 'unknown';
  return (await hasCommit(fetching.directory, known, awaited)) ? 'later' : 'earlier';
}

async function resolve(directory: string, name: string): Promise<string | null> {
  const asked = git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  // Where there is no git at all, the fetch that follows says so.
  return asked.catch(() => null);
}

/** Brings the branch's newest commits here, and leaves every reference as it is. */
async function fetched({ directory, remote, branch, callMs, signal }: Fetching): Promise<boolean> {
  const call = { directory, environment: userEnvironment(process.env), limitMs: callMs, signal };
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-auto-maintenance', '--no-write-fetch-head', '--refmap='];
  return (await runProgram(call, 'git', ...fetch, '--end-of-options', remote, branch)).exitCode === 0;
}

async function hasCommit(directory: string, later: string, earlier: string): Promise<boolean> {
  return (await git(directory, 'merge-base', earlier, later).catch(() => null)) === earlier;
}
