import { OperationError } from 'zerodrop/errors';
import { askGitHub, type GitHub, GitHubError } from '../../github/api.ts';
import { isRecord } from '../../settings/sentences.ts';
import { requireHistory } from '../history/decision.ts';
import { race, type Surroundings } from '../publish/race.ts';
import { fetchOwnBranch, fetchTip, mainBranch, standOnTip, toOwnBranch } from '../publish/remote.ts';
import { type Tree, withTree } from '../publish/tree.ts';

/** A commit that people are to decide about. */
export interface Draft extends Words {
  readonly kind: 'draft';
  readonly commit: string;
  /** What the commit changes. */
  readonly changed: readonly string[];
}

/** Makes a draft on the main that a tree stands on, or says why there is nothing to offer. */
export type MakeDraft<T> = (tree: Tree) => Promise<Draft | T>;

/** Why there is nothing to offer. */
export interface Nothing {
  readonly kind: string;
  /** A pull request that is open stays as it is. */
  readonly leavesOpen?: true;
}

/** How an offer ended. */
export type Offered<T> =
  | { readonly kind: 'offered'; readonly url: string }
  /** There is nothing to offer. With the pull request that was closed; null for none. */
  | { readonly kind: 'withdrawn'; readonly because: T; readonly url: string | null };

/** Makes a draft of the newest main and shows it, with nothing pushed. */
export function preview<T>(
  make: MakeDraft<T>,
  { directory, remote, callMs, signal }: Surroundings,
): Promise<Draft | T> {
  return withTree(directory, { callMs, signal }, async (tree) => {
    await requireHistory(tree);
    await fetchTip(tree, remote);
    await standOnTip(tree);
    return make(tree);
  });
}

/**
 * Offers a draft: pushes it to a branch whose name is always the same, and opens its pull request or rewrites the one that is open, so
 * that there are never two. Where there is nothing to offer any more, the open one is closed, as a rule: merging it would bring back
 * what was given up.
 */
export async function offer<T extends Nothing>(
  branch: string,
  make: MakeDraft<T>,
  github: GitHub,
  surroundings: Surroundings,
): Promise<Offered<T>> {
  const made = await pushDraft(branch, make, surroundings);
  if (isDraft(made)) return { kind: 'offered', url: await openPullRequest(github, branch, made) };
  return { kind: 'withdrawn', because: made, url: made.leavesOpen ? null : await closePullRequest(github, branch) };
}

/** Offers a draft only where its pull request is open already, to renew or close it. Returns null where none is. */
export async function renew<T extends Nothing>(
  branch: string,
  make: MakeDraft<T>,
  github: GitHub,
  surroundings: Surroundings,
): Promise<Offered<T> | null> {
  return (await isOpen(github, branch)) ? offer(branch, make, github, surroundings) : null;
}

function pushDraft<T extends Nothing>(
  branch: string,
  make: MakeDraft<T>,
  surroundings: Surroundings,
): Promise<Draft | T> {
  const { directory, remote, callMs, signal } = surroundings;
  return withTree(directory, { callMs, signal }, async (tree) => {
    await requireHistory(tree);
    const options = { ...surroundings, destination: toOwnBranch(tree, remote, branch) };
    return race<Draft | T>(
      options,
      () => fetchTip(tree, remote),
      async () => {
        await standOnTip(tree);
        const outcome = await make(tree);
        const isNew = isDraft(outcome) && !(await isOffered(tree, remote, branch, outcome));
        return { commit: isNew ? outcome.commit : null, outcome };
      },
    );
  });
}

/**
 * A branch that brings the same is left alone: a push starts its checks anew, and takes back its approvals. It only brings the same
 * where main still has what it was made on: else it is merged already, or would meet a conflict.
 */
async function isOffered(tree: Tree, remote: string, branch: string, { commit, changed }: Draft): Promise<boolean> {
  const there = await fetchOwnBranch(tree, remote, branch);
  if (there === null) return false;
  const tip = `${commit}~1`;
  // By three dots git begins where the two went apart, and fails where they have nothing in common.
  for (const range of [[there, commit], [`${there}...${tip}`]]) {
    const ran = await tree.tryGit('diff', '--quiet', ...range, '--', ...changed);
    if (ran.exitCode !== 0) return false;
  }
  return true;
}

function isDraft<T extends Nothing>(made: Draft | T): made is Draft {
  return made.kind === 'draft';
}

/** What a pull request says. */
export interface Words {
  readonly title: string;
  readonly body: string;
}

/** Opens the pull request of a branch into main, or rewrites the one that is open. Returns its address for people. */
export async function openPullRequest(github: GitHub, branch: string, words: Words): Promise<string> {
  const open = await findOpen(github, branch);
  if (open !== null) return rewrite(github, open.number, words);
  try {
    const request = { ...words, head: branch, base: mainBranch };
    return readPullRequest(await askGitHub(github, 'POST', 'pulls', request)).url;
  } catch (error) {
    // Two runs at once: the other one's is open by now.
    const others = error instanceof GitHubError && error.status === 422 ? await findOpen(github, branch) : null;
    if (others === null) throw error;
    return rewrite(github, others.number, words);
  }
}

/** Closes the pull request of a branch, where one is open. Returns its address; null for none. */
export async function closePullRequest(github: GitHub, branch: string): Promise<string | null> {
  const open = await findOpen(github, branch);
  if (open === null) return null;
  await askGitHub(github, 'PATCH', `pulls/${open.number}`, { state: 'closed' });
  return open.url;
}

/** Whether the pull request of a branch is open. */
async function isOpen(github: GitHub, branch: string): Promise<boolean> {
  return (await findOpen(github, branch)) !== null;
}

async function rewrite(github: GitHub, number: number, { title, body }: Words): Promise<string> {
  return readPullRequest(await askGitHub(github, 'PATCH', `pulls/${number}`, { title, body })).url;
}

interface PullRequest {
  readonly number: number;
  readonly url: string;
}

async function findOpen(github: GitHub, branch: string): Promise<PullRequest | null> {
  // GitHub allows one open pull request for a head and a base.
  const head = encodeURIComponent(`${github.owner}:${branch}`);
  const found = await askGitHub(github, 'GET', `pulls?state=open&base=${mainBranch}&head=${head}`);
  return Array.isArray(found) && found.length > 0 ? readPullRequest(found[0]) : null;
}

function readPullRequest(answer: unknown): PullRequest {
  if (isRecord(answer)) {
    const { number, html_url: url } = answer;
    if (typeof number === 'number' && typeof url === 'string') return { number, url };
  }
  throw new OperationError('GitHub answers with something that is no pull request. Look at GITHUB_API_URL.');
}
