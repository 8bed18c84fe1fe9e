/** A repository by the parts of its address. */
export interface Address {
  /** With the port, where the address has one. */
  readonly host: string;
  readonly owner: string;
  readonly name: string;
}

const path = String.raw`(?!\.{1,2}\/)(?<owner>[\w.-]+)\/(?!\.{1,2}\/?$)(?<name>[\w.-]+?)(?:\.git)?\/?$`;
// What a reader of URLs ends a host at, or decodes, is in no host here: else two readers would see two hosts.
const withScheme = new RegExp(
  String.raw`^(?:https?|ssh|git):\/\/(?:[^\s/@?#\\]*@)?(?<host>(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?)\/${path}`,
  'i',
);
const withoutScheme = new RegExp(String.raw`^(?:[\w.-]+@)?(?<host>[\w.-]+\.[\w-]+):${path}`);

/** Reads the address of a repository as git clones it; null for one of another form. */
export function readAddress(address: string): Address | null {
  const { host, owner, name } = (withScheme.exec(address) ?? withoutScheme.exec(address))?.groups ?? {};
  if (host === undefined || owner === undefined || name === undefined) return null;
  return { host: host.toLowerCase(), owner, name };
}

/** An address as sentences show it: without a user, a password and a query, any of which may be a secret. */
export function shownAddress(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)?[^/]*@(?=[^@]*$)/i, '$1').replace(/[?#].*$/s, '');
}

/** Whether a host, without its port, is GitHub's own. */
export function isGitHub(host: string): boolean {
  return /^(?:(?:www|ssh)\.)?github\.com$/.test(host);
}

/** The tenant of ghe.com that a host, without its port, is of; null for any other host. */
export function tenantOf(host: string): string | null {
  return /^([\w-]+)\.ghe\.com$/.exec(host)?.[1] ?? null;
}

/** Whether a host is a GitHub Enterprise Server by its name. */
export function isServerByName(host: string): boolean {
  return /^(?:github|ghe)\.(?!com(?:\.|$))/.test(host);
}

/**
 * The page of a repository at github.com, a tenant of ghe.com, or a GitHub Enterprise Server that is known by its name (`github.…`,
 * `ghe.…`); null for any other host, whose pages we don't know.
 */
export function repositoryPage(repository: string): string | null {
  const address = readAddress(repository);
  if (address === null) return null;
  const { host, owner, name } = address;
  const [bare = host] = host.split(':');
  if (isGitHub(bare)) return `https://github.com/${owner}/${name}`;
  if (tenantOf(bare) === null && !isServerByName(bare)) return null;
  // The port of ssh is none of the pages'.
  return `https://${/^https?:/.test(repository) ? host : bare}/${owner}/${name}`;
}

/** The page of the repository whose workflow runs this, as GitHub's variables name it, or else of this one; null as {@link repositoryPage}. */
export function pageOf(
  repository: string,
  { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: place }: NodeJS.ProcessEnv,
): string | null {
  return server !== undefined && place !== undefined ? `${server}/${place}` : repositoryPage(repository);
}
