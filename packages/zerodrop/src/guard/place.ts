import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { UsageError } from '../errors.ts';
import { hookGit as git } from '../git.ts';
import { didYouMean } from '../options.ts';

/** A repository, and the paths of it that are asked about. */
export interface Place {
  readonly root: string;
  readonly below: readonly string[];
}

/** Finds the repository of a directory, and what paths mean in it. Throws {@link UsageError} for one outside of it. */
export async function placeOf(directory: string, paths: readonly string[]): Promise<Place> {
  const root = await git(directory, 'rev-parse', '--show-toplevel').catch((cause: unknown) => {
    throw new UsageError(`${directory} is not in a git repository. Name one with --directory.`, { cause });
  });
  const prefix = await git(directory, 'rev-parse', '--show-prefix');
  const below = paths.map((given) => {
    const own = posix.isAbsolute(given) ? posix.relative(root, given) : posix.join(prefix === '' ? '.' : prefix, given);
    const normal = posix.normalize(own).replace(/(?<=.)\/+$/, '') || '.';
    if (normal === '..' || normal.startsWith('../')) {
      throw new UsageError(
        `${given} is outside of the repository ${root}. Name paths in it, or another one with --directory.`,
      );
    }
    return normal;
  });
  return { root, below };
}

/** A state of a repository, and how people name it. */
export interface Tree {
  readonly name: string;
  readonly tree: string;
}

/** Throws {@link UsageError} for a path that is in neither state: with a misspelt one the guard would compare nothing, and pass. */
export async function requirePath(
  root: string,
  given: string,
  trees: readonly [Tree, Tree],
  read: readonly string[],
): Promise<void> {
  if (given === '.' || read.some((name) => name === given || name.startsWith(`${given}/`))) return;
  const kinds = await Promise.all(
    trees.map(({ tree }) => git(root, 'cat-file', '-t', `${tree}:${given}`).catch(() => null)),
  );
  if (kinds.some((kind) => kind !== null)) return;
  const listings = await Promise.all(
    trees.map(({ tree }) => git(root, 'ls-tree', '-r', '-t', '-z', '--name-only', '--full-tree', tree)),
  );
  const meant = didYouMean(given, new Set(listings.flatMap((listing) => listing.split('\0'))));
  const isOnDisk = await stat(posix.join(root, given)).then(
    () => true,
    () => false,
  );
  const [from, to] = trees;
  const remedy = isOnDisk
    ? 'It is in the working copy only. Commit it, or stage it and compare with --staged.'
    : `Name a path that is there.${meant}`;
  throw new UsageError(
    `${given} is neither in ${from.name} nor in ${to.name}, so nothing would be compared. ${remedy}`,
  );
}

/** What is judged, by commits of 40 hex digits: from where the branch was branched off, to its newest. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** A change of more folders is no rollback of one of them, and each costs a walk through the history. */
const mostFolders = 20;

/**
 * The folders that become what they have been before. By the trees of the history and not by messages: a squash loses what `git revert`
 * writes.
 */
export async function returningFolders(
  root: string,
  range: Range,
  folders: readonly string[],
): Promise<ReadonlySet<string>> {
  const returning = new Set<string>();
  if (folders.length > mostFolders) return returning;
  for (const folder of folders) if (await isReturning(root, range, folder)) returning.add(folder);
  return returning;
}

async function isReturning(root: string, { from, to }: Range, folder: string): Promise<boolean> {
  const listed = await git(root, 'ls-tree', to, '--', folder);
  const [, , now] = listed.split(/\s/);
  if (now === undefined) return false;
  // Of each commit of the base: what the tree of the folder was, and what it became.
  const trees = [
    '--first-parent',
    '-m',
    '-t',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-show-signature',
    '--format=',
  ];
  const history = await git(root, 'log', ...trees, from, '--', folder);
  return history.split('\n').some((line) => {
    const [modes = '', path] = line.split('\t');
    return path === folder && modes.split(' ').includes(now);
  });
}
