import { UsageError } from 'zerodrop/errors';
import { isGitHub, isServerByName, readAddress, shownAddress, tenantOf } from './address.ts';

/** A repository at GitHub and a token that may act on it. */
export interface GitHub {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

/**
 * The repository of the workflow that runs, or else of the settings, and the API of the server that has it. Throws {@link UsageError} where
 * that is not GitHub, so that no token goes to another server, and where there is no token.
 */
export function gitHubFrom(environment: NodeJS.ProcessEnv, repository: string): GitHub {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: place, GH_TOKEN: token } = environment;
  const address = place === undefined || place === '' ? repository : `${server.replace(/\/$/, '')}/${place}`;
  const read = readAddress(address);
  if (read === null)
    throw new UsageError(`--pull-request needs a repository at GitHub, and ${shownAddress(address)} is none.`);
  const { host, owner, name } = read;
  const api = apiOf(host, environment);
  if (token === undefined || token === '') {
    throw new UsageError(
      '--pull-request needs a token in GH_TOKEN that may write contents and pull requests. By hand: GH_TOKEN=$(gh auth token) npm run ...',
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
      `--pull-request needs a repository at GitHub, and ${bare} is not known as one: nothing is sent there. If it is a GitHub Enterprise Server, set GITHUB_SERVER_URL=https://${host}. Elsewhere, run this without --pull-request, and open the pull request yourself.`,
    );
  }
  const isLocal = /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(hostOf(told).replace(/:\d+$/, ''));
  const isSame = told === own || hostOf(told) === host || hostOf(told) === `api.${host}`;
  if ((isSame && told.startsWith('https://')) || isLocal) return told.replace(/\/$/, '');
  throw new UsageError(
    `GITHUB_API_URL is ${told}, but the repository is at ${bare}: its token is not sent there. Set it to the API of ${bare} by https, or leave it out.`,
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
