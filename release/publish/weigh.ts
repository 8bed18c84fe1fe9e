import { changedPaths } from '../changed-paths.ts';
import { allow, type Allowance, type Parted } from '../guard/allow.ts';
import { parseManifests } from '../guard/documents.ts';
import { guard } from '../guard/guard.ts';
import { type Files, requireNoStray } from '../plan.ts';
import { readBlobs } from './blobs.ts';
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
  const { before, after } = await readStaged(tree);
  const changed = changedPaths(before, after);
  requireNoStray(changed, environment);
  return { changed, ...allow(guard(parseManifests(before), parseManifests(after), returning), allowance) };
}

/** Read from git and not from the disk, where a checkout may have changed line ends. */
async function readStaged(tree: Tree): Promise<{ readonly before: Files; readonly after: Files }> {
  const committed = paths(await tree.git('ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', ...releasedPaths));
  const staged = paths(await tree.git('ls-files', '-z', '--', ...releasedPaths));
  const names = [...committed.map((path) => `HEAD:${path}`), ...staged.map((path) => `:${path}`)];
  const texts = await readBlobs(tree, names);
  const filesOf = (listed: readonly string[], from: number): Files =>
    new Map(listed.map((path, index) => [path, texts[from + index] ?? '']));
  return { before: filesOf(committed, 0), after: filesOf(staged, committed.length) };
}

function paths(listed: string): readonly string[] {
  return listed.split('\0').filter((path) => path !== '');
}

/** Commits what is staged in a tree, as the user and with their hooks. Returns the commit. */
export async function commitStaged(tree: Tree, message: string): Promise<string> {
  await tree.git('commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  return tree.git('rev-parse', 'HEAD');
}
