import { isRecord } from '../../settings/value.ts';
import { CannotRelease } from '../cannot-release.ts';
import { WrongUse } from '../wrong-use.ts';

/** A repository at GitHub and a token that may act on it. */
export interface GitHub {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

/** GitHub answers within seconds or not at all. */
const limitMs = 30_000;

/**
 * The repository of the workflow that runs, or else of the settings. Throws {@link WrongUse} where it is not at GitHub, or there is no
 * token.
 */
export function gitHubFrom(environment: NodeJS.ProcessEnv, repository: string): GitHub {
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: place, GH_TOKEN: token } = environment;
  const { owner, name } = /(?<owner>[^/:]+)\/(?<name>[^/]+?)(?:\.git)?\/?$/.exec(place ?? repository)?.groups ?? {};
  if (owner === undefined || name === undefined) {
    throw new WrongUse(`--pull-request needs a repository at GitHub, and ${place ?? repository} is none.`);
  }
  if (token === undefined || token === '') {
    throw new WrongUse(
      '--pull-request needs a token in GH_TOKEN, which may write contents and pull requests. By hand: GH_TOKEN=$(gh auth token) npm run release -- ...',
    );
  }
  return { api, owner, name, token };
}

/** Asks GitHub's API about the repository. Returns what it answers; throws {@link GitHubError} with its words. */
export async function askGitHub(
  { api, owner, name, token }: GitHub,
  method: string,
  path: string,
  body?: Readonly<Record<string, string>>,
): Promise<unknown> {
  const what = `${method} /repos/${owner}/${name}/${path}`;
  const response = await fetch(`${api}/repos/${owner}/${name}/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    signal: AbortSignal.timeout(limitMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.name === 'TimeoutError' ? `within ${limitMs / 1_000} s` : 'at all';
    throw new CannotRelease(
      `${api} does not answer ${what} ${why}. See whether it can be reached, and run this again.`,
      {
        cause,
      },
    );
  });
  const text = await response.text();
  if (!response.ok) throw new GitHubError(response.status, what, wordsOf(text));
  return JSON.parse(text);
}

/** GitHub says no. */
export class GitHubError extends CannotRelease {
  override readonly name = 'GitHubError';
  readonly status: number;

  constructor(status: number, what: string, said: string) {
    super(`GitHub answers ${what} with ${status}: ${said}. ${advice(status)}`);
    this.status = status;
  }
}

function advice(status: number): string {
  if (status === 401) return 'The token in GH_TOKEN is not valid, or not any more.';
  if (status === 403 || status === 404) {
    return 'The token in GH_TOKEN needs the rights to write contents and pull requests of this repository.';
  }
  return 'Run this again when that is mended.';
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
