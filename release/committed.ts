import { git, gitText } from './git.ts';

/** The files under these paths as HEAD has them, by path. Read from git, because a checkout may have changed line ends. */
export async function readCommitted(
  directory: string,
  ...under: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  return readCommittedAt(directory, 'HEAD', ...under);
}

/** The files under these paths as a commit has them, by path. */
export async function readCommittedAt(
  directory: string,
  revision: string,
  ...under: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  const listed = await git(directory, 'ls-tree', '-r', '-z', '--name-only', revision, '--', ...under);
  const paths = listed.split('\0').filter((path) => path !== '');
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await gitText(directory, 'cat-file', 'blob', `${revision}:${path}`)] as const),
    ),
  );
}
