import { readFile } from 'node:fs/promises';
import { OperationError } from './errors.ts';

/** GitHub refuses a longer comment, in characters. */
const longestComment = 65_536;
const page = 100;
/** GitHub answers within seconds or not at all. */
const limitMs = 30_000;

/** A repository at GitHub, and a token that may write comments there. */
export interface CommentedRepository {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

/**
 * Writes the one comment on a topic under a pull request, or replaces the text of the one that is there. A longer text than GitHub takes is
 * cut to whole lines. Throws OperationError with GitHub's words where it takes none.
 */
export async function writeComment(
  repository: CommentedRepository,
  pullRequest: number,
  topic: string,
  text: string,
): Promise<void> {
  const ask = asking(repository);
  const mark = `<!-- zerodrop: ${topic} -->\n`;
  const body = `${mark}${cut(text, longestComment - mark.length)}`;
  const found = await findComment(ask, pullRequest, mark);
  if (found === null) await ask('POST', `issues/${pullRequest}/comments`, { body });
  else await ask('PATCH', `issues/comments/${found}`, { body });
}

/** What a workflow on GitHub tells its steps. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * {@link writeComment} for the pull request of this workflow run. Returns what keeps it from doing so, for people: a token without the
 * right, as in a pull request of a fork, is no reason to fail.
 */
export async function stickyComment(topic: string, text: string, environment: Environment): Promise<readonly string[]> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = environment;
  const number = await pullRequestOf(environment['GITHUB_EVENT_PATH']);
  const [owner = '', name] = (repository ?? '').split('/');
  if (token === undefined || token === '' || name === undefined || number === null) {
    return ['No comment is written: --comment needs GITHUB_TOKEN and a workflow that runs for a pull request.'];
  }
  const api = environment['GITHUB_API_URL'] ?? 'https://api.github.com';
  try {
    await writeComment({ api, owner, name, token }, number, topic, text);
    return [];
  } catch (error) {
    if (error instanceof OperationError) return [`No comment is written: ${error.message}`];
    throw error;
  }
}

async function pullRequestOf(eventPath: string | undefined): Promise<number | null> {
  if (eventPath === undefined) return null;
  const text = await readFile(eventPath, 'utf8').catch(() => '{}');
  const event: { pull_request?: { number?: unknown } } = Object(JSON.parse(text));
  const number = event.pull_request?.number;
  return typeof number === 'number' ? number : null;
}

type Ask = (method: string, path: string, body?: Readonly<Record<string, string>>) => Promise<unknown>;

function asking({ api, owner, name, token }: CommentedRepository): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${api}/repos/${owner}/${name}/${path}`, {
      method,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new OperationError(`GitHub does not answer ${method} ${path}. Run this again.`, { cause });
    });
    if (response.ok) return response.json();
    const said = (await response.text()).slice(0, 500);
    throw new OperationError(
      `GitHub answers ${method} ${path} with ${response.status}: ${said}. The token needs permission to write pull requests.`,
    );
  };
}

/** A person can quote the mark; what they wrote stays theirs. */
async function findComment(ask: Ask, number: number, mark: string): Promise<number | null> {
  for (let index = 1; ; index += 1) {
    const answer = await ask('GET', `issues/${number}/comments?per_page=${page}&page=${index}`);
    const comments: readonly { id?: unknown; body?: unknown; user?: { type?: unknown } | null }[] = Array.isArray(
      answer,
    )
      ? answer
      : [];
    const found = comments.find(
      ({ body, user }) => typeof body === 'string' && `${body}\n`.startsWith(mark) && user?.type === 'Bot',
    );
    if (typeof found?.id === 'number') return found.id;
    if (comments.length < page) return null;
  }
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const note = '\n\nThe rest is left out; the summary of the job has all of it.';
  return text.slice(0, Math.max(0, text.lastIndexOf('\n', most - note.length))) + note;
}
