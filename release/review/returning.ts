import { git } from '../git.ts';
import type { Range } from './range.ts';

/**
 * The folders among these that a range brings back to a state which they have had before: those of a release that is rolled back. By the
 * trees of main's history, and not by messages: a squash loses what `git revert` writes.
 */
export async function returningFolders(
  directory: string,
  { from, to }: Range,
  folders: readonly string[],
): Promise<ReadonlySet<string>> {
  const returning = await Promise.all(folders.map((folder) => isReturning(directory, { from, to }, folder)));
  return new Set(folders.filter((_, index) => returning[index] === true));
}

async function isReturning(directory: string, { from, to }: Range, folder: string): Promise<boolean> {
  const listed = await git(directory, 'ls-tree', to, '--', folder);
  const [, , now] = listed.split(/\s/);
  if (now === undefined) return false;
  // Of each commit of main: what the tree of the folder was, and what it became.
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
  const history = await git(directory, 'log', ...trees, from, '--', folder);
  return history.split('\n').some((line) => {
    const [modes = '', path] = line.split('\t');
    return path === folder && modes.split(' ').includes(now);
  });
}
