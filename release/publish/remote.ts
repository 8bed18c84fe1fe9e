import { OperationError, ProgramError } from 'zerodrop/errors';
import { gitError } from 'zerodrop/git';
import type { Ran } from 'zerodrop/program';
import { shownAddress } from '../../github/address.ts';
import type { Tree } from './tree.ts';

/** The branch that Argo CD follows: apps/argo/application.ts. */
export const mainBranch = 'main';

// References of this worktree alone: many runs in one clone don't meet in them, and the user's stay as they are.
const tipReference = 'refs/worktree/tip';
const branchReference = 'refs/worktree/branch';

/** Fetches the newest main. Throws a ProgramError where the remote is out of reach. */
export async function fetchTip(tree: Tree, remote: string): Promise<void> {
  await fetchBranch(tree, remote, mainBranch, tipReference);
}

/** Puts a tree on the main that was fetched last. */
export async function standOnTip(tree: Tree): Promise<void> {
  await tree.git('checkout', '--quiet', '--force', '--detach', tipReference);
}

/** Where commits are pushed to. */
export interface Destination {
  readonly branch: string;
  push(commit: string): Promise<PushEnd>;
  /** The one of these commits that has arrived, as far as the last fetch knows. */
  arrived(commits: readonly string[]): Promise<string | undefined>;
}

/** Main, which only ever goes forward. */
export function toMain(tree: Tree, remote: string): Destination {
  return {
    branch: mainBranch,
    push: async (commit) => {
      return pushEnd(await tree.tryGit('push', '--porcelain', remote, `${commit}:refs/heads/${mainBranch}`));
    },
    async arrived(commits) {
      for (const commit of commits) if (await isAncestor(tree, commit, tipReference)) return commit;
      return undefined;
    },
  };
}

/** A branch that is only ours: each push replaces it, unless another run has done so since we looked. */
export function toOwnBranch(tree: Tree, remote: string, branch: string): Destination {
  const reference = `refs/heads/${branch}`;
  let seen = '';
  return {
    branch,
    push: async (commit) => {
      const lease = `--force-with-lease=${reference}:${seen}`;
      return pushEnd(await tree.tryGit('push', '--porcelain', lease, remote, `${commit}:${reference}`));
    },
    async arrived(commits) {
      const listed = await tree.git('ls-remote', remote, reference);
      seen = listed.split('\t')[0] ?? '';
      return commits.find((commit) => commit === seen);
    },
  };
}

/** Fetches a branch of ours and returns its commit; null where the remote has none. */
export async function fetchOwnBranch(tree: Tree, remote: string, branch: string): Promise<string | null> {
  if ((await tree.git('ls-remote', remote, `refs/heads/${branch}`)) === '') return null;
  await fetchBranch(tree, remote, branch, branchReference);
  return tree.git('rev-parse', branchReference);
}

async function fetchBranch(tree: Tree, remote: string, branch: string, into: string): Promise<void> {
  try {
    await fetchInto(tree, remote, branch, into);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // Neither is there another time: nobody waits for it.
    if (/couldn't find remote ref/.test(error.said)) throw noBranch(remote, branch);
    const remotes = (await tree.git('remote')).split('\n');
    if (/^[\w-]+$/.test(remote) && !remotes.includes(remote)) throw noRemote(remote, remotes);
    throw error;
  }
}

async function fetchInto(tree: Tree, remote: string, branch: string, into: string): Promise<void> {
  // An empty refmap leaves the remote-tracking branches alone, where runs in one clone would fight for a lock.
  await tree.git('fetch', '--quiet', '--no-tags', '--refmap=', remote, `+refs/heads/${branch}:${into}`);
}

function noBranch(address: string, branch: string): OperationError {
  const remote = shownAddress(address);
  return new OperationError(
    `${remote} has no branch ${branch}, which Argo CD follows. Push it there first (git push ${remote} HEAD:${branch}), or name the remote that has it with --remote.`,
  );
}

function noRemote(remote: string, remotes: readonly string[]): OperationError {
  const known = remotes.filter((name) => name !== '').join(', ');
  return new OperationError(
    `This clone has no remote ${remote}${known === '' ? '' : `, only ${known}`}. Name the one whose main Argo CD follows with --remote, or add it: git remote add ${remote} ADDRESS.`,
  );
}

/** Whether the history of `later` has `earlier`, which may be the same. Both must be there. */
export async function isAncestor(tree: Tree, earlier: string, later: string): Promise<boolean> {
  const ran = await tree.tryGit('merge-base', '--is-ancestor', earlier, later);
  if (ran.exitCode === 0) return true;
  if (ran.exitCode === 1) return false;
  throw gitError(['merge-base'], tree.directory, ran.stderr.trim());
}

/** How a push ended. */
export type PushEnd =
  | { readonly kind: 'done' }
  /** Somebody else was first. */
  | { readonly kind: 'lost' }
  /** The remote has looked at it and said no: it would say so again. */
  | { readonly kind: 'refused'; readonly said: string }
  /** No answer came: the push may have arrived all the same. */
  | { readonly kind: 'broken'; readonly said: string };

// What a remote says where two pushes arrive in the same moment (git's receive-pack and refs backend).
const collision = /cannot lock ref|failed to (?:lock|update ref)|incorrect old value|reference already exists/;

/** Reads how `git push --porcelain` of one reference ended. */
export function pushEnd({ exitCode, stdout, stderr }: Pick<Ran, 'exitCode' | 'stdout' | 'stderr'>): PushEnd {
  if (exitCode === 0) return { kind: 'done' };
  const said = stderr.trim();
  const { by, reason = '' } = /^!\t\S+\t\[(?<by>[^\]]+)\](?: \((?<reason>.*)\))?$/m.exec(stdout)?.groups ?? {};
  if (by === 'rejected') return { kind: 'lost' };
  if (by !== 'remote rejected') return { kind: 'broken', said: said || 'git push ended without a word.' };
  if (collision.test(`${reason}\n${said}`)) return { kind: 'lost' };
  return { kind: 'refused', said: [remoteWords(said), reason].filter((text) => text !== '').join('\n') };
}

/** What the remote's side wrote, of all that git prints: its lines begin with `remote:` and are padded. */
function remoteWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return lines
    .map((line) => line.slice('remote:'.length).trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** What to do about a push that the remote refused, from its own words. */
export function remedy(said: string): string {
  // GitHub's codes: GH006 is a protected branch, GH013 a ruleset.
  if (/GH006|GH013|protected branch|ruleset|rule violations/i.test(said)) {
    return 'The branch is protected: put whoever pushes here (in CI the release App) on the bypass list of its ruleset, as docs/how-to/set-up-the-pipeline.md says, or open a pull request.';
  }
  if (/hook declined/.test(said)) {
    return 'A hook of the remote declined it: its words above say why, and who keeps the remote can change it.';
  }
  return 'Fix what it complains about, and run this again.';
}
