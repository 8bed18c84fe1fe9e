import { OperationError } from 'zerodrop/errors';
import { type GitHub, GitHubError, askGitHub } from '../../github/api.ts';
import { isRecord } from '../../settings/value.ts';
import { mainBranch } from '../publish/remote.ts';

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
export async function isOpen(github: GitHub, branch: string): Promise<boolean> {
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
