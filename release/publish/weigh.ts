import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changedPaths } from '../changed-paths.ts';
import { readCommitted } from '../committed.ts';
import { allow, type Allowance, type Parted } from '../guard/allow.ts';
import { parseManifests } from '../guard/documents.ts';
import { guard } from '../guard/guard.ts';
import { type Files, requireNoStray } from '../plan.ts';
import type { Tree } from './tree.ts';

/** What a release may write. */
export const releasedPaths = ['apps/images', 'manifests', 'argocd'] as const;

/** What is staged in a tree, as the guard sees it. */
export interface Weighed extends Parted {
  /** What differs from the commit that the tree stands on. */
  readonly changed: readonly string[];
}

/**
 * Weighs what is staged for an environment. Throws CannotRelease where it would change what runs in another one.
 *
 * @param returning the folders that become what they were, for the guard
 */
export async function weighStaged(
  tree: Tree,
  environment: string,
  allowance: Allowance | null,
  returning: ReadonlySet<string> = new Set(),
): Promise<Weighed> {
  const before = await readCommitted(tree.directory, ...releasedPaths);
  const after = await readStaged(tree);
  const changed = changedPaths(before, after);
  requireNoStray(changed, environment);
  return { changed, ...allow(guard(parseManifests(before), parseManifests(after), returning), allowance) };
}

/** The tree's files are its index here: everything was staged. */
async function readStaged(tree: Tree): Promise<Files> {
  const listed = await tree.git('ls-files', '-z', '--', ...releasedPaths);
  const paths = listed.split('\0').filter((path) => path !== '');
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(tree.directory, path), 'utf8')] as const)),
  );
}

/** Commits what is staged in a tree, as the user and with their hooks. Returns the commit. */
export async function commitStaged(tree: Tree, message: string): Promise<string> {
  await tree.git('commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  return tree.git('rev-parse', 'HEAD');
}
