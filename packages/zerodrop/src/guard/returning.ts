import { posix } from 'node:path';
import { hookGit as git } from '../git.ts';
import { type Files, sameContent } from './read/files.ts';

/** What is judged, by commits of 40 hex digits: from where the branch was branched off, to its newest. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** The directories of the files that differ. */
export function changedFolders(before: Files, after: Files): readonly string[] {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !sameContent(before.get(path), after.get(path)),
  );
  return [...new Set(changed.map((path) => posix.dirname(path)))];
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
