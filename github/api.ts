import { OperationError, UsageError } from 'zerodrop/errors';
import { isRecord } from '../settings/sentences.ts';
import { readAddress, shownAddress, isServerByName, isGitHub, tenantOf } from './address.ts';

/** A repository at GitHub and a token that may act on it. */
export interface GitHub {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

/** What a sentence calls that which needs GitHub, and what its token has to be allowed to do. */
export interface Purpose {
  readonly option: string;
  readonly rights: string;
}

const forPullRequests: Purpose = { option: '--pull-request', rights: 'write contents and pull requests' };

/**
 * The repository of the workflow that runs, or else of the settings, and the API of the server that has it. Throws {@link UsageError} where
 * that is not GitHub, so that no token goes to another server, and where there is no token.
 */
export function gitHubFrom(
  environment: NodeJS.ProcessEnv,
  repository: string,
  { option, rights }: Purpose = forPullRequests,
): GitHub {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: place, GH_TOKEN: token } = environment;
  const address = place === undefined || place === '' ? repository : `${server.replace(/\/$/, '')}/${place}`;
  const read = readAddress(address);
  if (read === null)
    throw new UsageError(`${option} needs a repository at GitHub, and ${shownAddress(address)} is not one.`);
  const { host, owner, name } = read;
  const api = apiOf(host, environment);
  if (token === undefined || token === '') {
    throw new UsageError(
      `${option} needs a token in GH_TOKEN that may ${rights}. By hand: GH_TOKEN=$(gh auth token) npm run ...`,
    );
  }
  return { api, owner, name, token };
}

/**
 * The API of a host: github.com's own, that of a tenant of ghe.com, or of a GitHub Enterprise Server. A server is known by its name, or by
 * GITHUB_SERVER_URL, which GitHub sets in its workflows; GITHUB_API_URL counts where it is on the same host.
 */
function apiOf(host: string, { GITHUB_API_URL: told, GITHUB_SERVER_URL: server }: NodeJS.ProcessEnv): string {
  const [bare = host] = host.split(':');
  const isServer = isServerByName(bare) || (server !== undefined && hostOf(server) === host);
  const own = known(bare) ?? (isServer ? `https://${host}/api/v3` : null);
  if (told === undefined || told === '') {
    if (own !== null) return own;
    throw new UsageError(
      `--pull-request needs a repository at GitHub, and ${bare} is not known to be one, so nothing was sent. If it is a GitHub Enterprise Server, set GITHUB_SERVER_URL=https://${host}. Elsewhere, run this without --pull-request, and open the pull request yourself.`,
    );
  }
  const isLocal = /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(hostOf(told).replace(/:\d+$/, ''));
  const isSame = told === own || hostOf(told) === host || hostOf(told) === `api.${host}`;
  if ((isSame && told.startsWith('https://')) || isLocal) return told.replace(/\/$/, '');
  throw new UsageError(
    `GITHUB_API_URL is ${told}, but the repository is at ${bare}, so the token was not sent. Set it to the API of ${bare} by https, or leave it out.`,
  );
}

function known(host: string): string | null {
  if (isGitHub(host)) return 'https://api.github.com';
  const tenant = tenantOf(host);
  return tenant === null ? null : `https://api.${tenant}.ghe.com`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : '';
}

/** GitHub answers within seconds or not at all. */
const limitMs = 30_000;

/** Asks GitHub's API about the repository. Returns what it answers; throws {@link GitHubError} with its words. */
export async function askGitHub(
  { api, owner, name, token }: GitHub,
  method: string,
  path: string,
  body?: object,
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
      const advised = 'Check that this machine can reach it, and run this again.';
      throw new GitHubError(`${api} does not answer ${what} ${why}.`, null, advised, { cause });
    });
  if (response.ok) return text === '' ? null : JSON.parse(text);
  const { status } = response;
  throw new GitHubError(
    `GitHub answers ${what} with ${status}: ${wordsOf(text).replace(/\.$/, '')}.`,
    status,
    advice(status),
  );
}

/**
 * What an API has at an address, with its status whatever it is; status 0 where nothing answers. The body is null where it is no JSON. Throws
 * nothing: who asks wants to know.
 */
export async function lookUp(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: unknown }> {
  try {
    const answer = await fetch(url, { headers, redirect: 'follow', signal: AbortSignal.timeout(limitMs) });
    const text = await answer.text();
    return { status: answer.status, body: jsonOf(text) };
  } catch {
    return { status: 0, body: null };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** GitHub says no, or nothing. Told apart, because one of its answers says that there is such a pull request already. */
export class GitHubError extends OperationError {
  override readonly name = 'GitHubError';
  /** Of its answer; null where there was none. */
  readonly status: number | null;
  /** What it said, without the advice for who publishes and promotes. */
  readonly said: string;

  constructor(said: string, status: number | null, advised: string, options?: ErrorOptions) {
    super(`${said} ${advised}`, options);
    this.status = status;
    this.said = said;
  }
}

function advice(status: number): string {
  if (status === 401) return 'The token in GH_TOKEN is not valid, or has expired.';
  if (status === 403 || status === 404) {
    return 'The token in GH_TOKEN needs permission to write the pull requests and the contents of this repository.';
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
