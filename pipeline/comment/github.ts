import { CannotRun } from '../cannot-run.ts';
import { WrongUse } from '../wrong-use.ts';

/** A repository at GitHub and a token that may act on it. */
export interface GitHub {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
}

/** The repository that a workflow runs in. Throws {@link WrongUse} outside of one. */
export function gitHubFrom(environment: NodeJS.ProcessEnv): GitHub {
  const {
    GITHUB_API_URL: api = 'https://api.github.com',
    GITHUB_REPOSITORY: repository,
    GH_TOKEN: token,
  } = environment;
  if (repository === undefined || token === undefined) {
    throw new WrongUse(
      'GITHUB_REPOSITORY or GH_TOKEN is not set. A workflow sets the first; give its step the second.',
    );
  }
  return { api, repository, token };
}

/** Asks GitHub's API. Returns what it answers; throws {@link CannotRun} with its words. */
export async function askGitHub(github: GitHub, method: string, path: string, body?: object): Promise<unknown> {
  const response = await send(github, method, path, body);
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new CannotRun(`GitHub answers ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`);
}

async function send(
  { api, repository, token }: GitHub,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  try {
    return await fetch(`${api}/repos/${repository}/${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new CannotRun(`${api} can't be reached. Run the job again.`, { cause });
  }
}
