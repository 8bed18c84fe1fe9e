import { OperationError } from 'zerodrop/errors';
import { isRecord } from '../settings/value.ts';
import type { GitHub } from './place.ts';

/** GitHub answers within seconds or not at all. */
const limitMs = 30_000;

/** Asks GitHub's API about the repository. Returns what it answers; throws {@link GitHubError} with its words. */
export async function askGitHub(
  { api, owner, name, token }: GitHub,
  method: string,
  path: string,
  body?: Readonly<Record<string, string>>,
): Promise<unknown> {
  const what = `${method} /repos/${owner}/${name}/${path}`;
  const { response, text } = await fetch(`${api}/repos/${owner}/${name}/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    signal: AbortSignal.timeout(limitMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
    .then(async (answer) => ({ response: answer, text: await answer.text() }))
    .catch((cause: unknown) => {
      const why = cause instanceof Error && cause.name === 'TimeoutError' ? `within ${limitMs / 1_000} s` : 'at all';
      const advised = `${api} does not answer ${what} ${why}. See whether it can be reached, and run this again.`;
      throw new GitHubError(advised, null, { cause });
    });
  if (response.ok) return JSON.parse(text);
  const { status } = response;
  throw new GitHubError(`GitHub answers ${what} with ${status}: ${wordsOf(text)}. ${advice(status)}`, status);
}

/** GitHub says no, or nothing. Told apart, because one of its answers says that there is such a pull request already. */
export class GitHubError extends OperationError {
  override readonly name = 'GitHubError';
  /** Of its answer; null where there was none. */
  readonly status: number | null;

  constructor(sentence: string, status: number | null, options?: ErrorOptions) {
    super(sentence, options);
    this.status = status;
  }
}

function advice(status: number): string {
  if (status === 401) return 'The token in GH_TOKEN is not valid, or not any more.';
  if (status === 403 || status === 404) {
    return 'The token in GH_TOKEN needs the rights to write pull requests of this repository, and its contents for a branch.';
  }
  return 'Run this again when that is fixed.';
}

/** The message of an answer, and what its errors say in detail. */
function wordsOf(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isRecord(answer)) return text.slice(0, 500);
    const errors = Array.isArray(answer['errors']) ? answer['errors'] : [];
    const details = errors.flatMap((error) =>
      isRecord(error) && error['message'] !== undefined ? [error['message']] : [],
    );
    return [answer['message'], ...details].join('; ');
  } catch {
    return text.slice(0, 500);
  }
}
