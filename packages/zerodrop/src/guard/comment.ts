import { readFile } from 'node:fs/promises';
import { OperationError } from '../errors.ts';
import { isRecord } from './model/field.ts';

/** Begins the one comment that is kept up to date; readers don't see it. */
const mark = '<!-- zerodrop guard -->\n';
/** GitHub refuses a longer comment. */
const longestComment = 65_536;
const page = 100;
/** GitHub answers within seconds or not at all. */
const limitMs = 30_000;

/** What a workflow on GitHub tells its steps. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Writes a review as a comment of the pull request of this workflow run, or replaces the one of an earlier run. Returns what keeps it
 * from doing so, for people: a token without the right, as in a pull request of a fork, is no reason to fail.
 */
export async function stickyComment(text: string, environment: Environment): Promise<readonly string[]> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = environment;
  const number = await pullRequestOf(environment['GITHUB_EVENT_PATH']);
  if (token === undefined || token === '' || repository === undefined || number === null) {
    return ['No comment is written: --comment needs GITHUB_TOKEN and a workflow that runs for a pull request.'];
  }
  const ask = asking(`${environment['GITHUB_API_URL'] ?? 'https://api.github.com'}/repos/${repository}`, token);
  const body = cut(mark + text);
  try {
    const found = await findComment(ask, number);
    if (found === null) await ask('POST', `issues/${number}/comments`, { body });
    else await ask('PATCH', `issues/comments/${found}`, { body });
    return [];
  } catch (error) {
    if (error instanceof OperationError) return [`No comment is written: ${error.message}`];
    throw error;
  }
}

async function pullRequestOf(eventPath: string | undefined): Promise<number | null> {
  if (eventPath === undefined) return null;
  const text = await readFile(eventPath, 'utf8').catch(() => '{}');
  const event: unknown = JSON.parse(text);
  const pullRequest = isRecord(event) ? event['pull_request'] : undefined;
  const number = isRecord(pullRequest) ? pullRequest['number'] : undefined;
  return typeof number === 'number' ? number : null;
}

type Ask = (method: string, path: string, body?: Readonly<Record<string, string>>) => Promise<unknown>;

function asking(address: string, token: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${address}/${path}`, {
      method,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new OperationError(`GitHub does not answer ${method} ${path}.`, { cause });
    });
    if (!response.ok) throw new OperationError(`GitHub answers ${method} ${path} with ${response.status}.`);
    return response.json();
  };
}

/** A person can quote the mark; what they wrote stays theirs. */
async function findComment(ask: Ask, number: number): Promise<number | null> {
  for (let index = 1; ; index += 1) {
    const answer = await ask('GET', `issues/${number}/comments?per_page=${page}&page=${index}`);
    const comments: readonly unknown[] = Array.isArray(answer) ? answer : [];
    const found = comments.filter(isRecord).find(({ body, user }) => {
      return typeof body === 'string' && body.startsWith(mark) && isRecord(user) && user['type'] === 'Bot';
    });
    if (found !== undefined && typeof found['id'] === 'number') return found['id'];
    if (comments.length < page) return null;
  }
}

/** Cuts a text to whole lines within GitHub's limit. */
function cut(text: string): string {
  if (text.length <= longestComment) return text;
  const note = '\n\nThe rest is left out; the summary of the job has all of it.';
  return text.slice(0, text.lastIndexOf('\n', longestComment - note.length)) + note;
}
