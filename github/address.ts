/** A repository by the parts of its address. */
export interface Address {
  /** With the port, where the address has one. */
  readonly host: string;
  readonly owner: string;
  readonly name: string;
}

const path = String.raw`(?<owner>[\w.-]+)\/(?<name>[\w.-]+?)(?:\.git)?\/?$`;
const withScheme = new RegExp(String.raw`^(?:https?|ssh|git):\/\/(?:[^/@]*@)?(?<host>[^/:@]+(?::\d+)?)\/${path}`);
const withoutScheme = new RegExp(String.raw`^(?:[\w.-]+@)?(?<host>[\w.-]+\.[\w-]+):${path}`);

/** Reads the address of a repository as git clones it; null for one of another form. */
export function readAddress(address: string): Address | null {
  const { host, owner, name } = (withScheme.exec(address) ?? withoutScheme.exec(address))?.groups ?? {};
  if (host === undefined || owner === undefined || name === undefined) return null;
  return { host: host.toLowerCase(), owner, name };
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
