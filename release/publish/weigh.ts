import { readFiles } from 'zerodrop/files';
import { changedPaths } from '../changed-paths.ts';
import { allow, type Allowance, type Parted, refusalsOf } from '../guard.ts';
import type { Tree } from './tree.ts';

/** What a release may write. */
const releasedPaths = ['apps/images', 'manifests', 'argocd'] as const;

/** What is staged in a tree, as the guard sees it. */
export interface Weighed extends Parted {
  /** What differs from the commit that the tree stands on. */
  readonly changed: readonly string[];
}

/**
 * Weighs what is staged.
 *
 * @param returning the folders that become what they were, for the guard
 */
export async function weighStaged(
  tree: Tree,
  allowance: Allowance | null,
  returning: ReadonlySet<string> = new Set(),
): Promise<Weighed> {
  const before = await readFiles(tree.gitBytes, 'HEAD', ...releasedPaths);
  const after = await readFiles(tree.gitBytes, await tree.git('write-tree'), ...releasedPaths);
  return { changed: changedPaths(before, after), ...allow(refusalsOf(before, after, returning), allowance) };
}

/** Commits what is staged in a tree, as the user and with their hooks. Returns the commit. */
export async function commitStaged(tree: Tree, message: string): Promise<string> {
  await tree.git('commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  return tree.git('rev-parse', 'HEAD');
}
