import { isGitHub, isServerByName, readAddress, tenantOf } from './address.ts';

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
