import { OperationError } from 'zerodrop/errors';
import { isAncestor } from '../publish/remote.ts';
import type { Tree } from '../publish/tree.ts';

/** How the source of a release stands to the one that is pinned. */
export type SourceOrder = 'same' | 'newer' | 'older' | 'apart';

/**
 * Compares two source commits by the history, which has `source`. A pinned one that is not on main (built from a branch that was merged as another
 * commit, or is gone) is older than all of main: else nothing would ever be newer than it.
 */
export async function sourceOrder(tree: Tree, source: string, pinned: string): Promise<SourceOrder> {
  if (source === pinned) return 'same';
  const counted = await tree.tryGit('rev-list', '--left-right', '--count', `${pinned}...${source}`);
  const isPinnedKnown = counted.exitCode === 0;
  const [onlyPinned, onlySource] = counted.stdout.trim().split('\t');
  if (isPinnedKnown && onlyPinned === '0') return 'newer';
  if (isPinnedKnown && onlySource === '0') return 'older';
  const isPinnedOnMain = isPinnedKnown && (await isAncestor(tree, pinned, 'HEAD'));
  return !isPinnedOnMain && (await isAncestor(tree, source, 'HEAD')) ? 'newer' : 'apart';
}

/** Makes sure that questions about the order of commits have answers. Throws {@link OperationError} where history is missing. */
export async function requireHistory(tree: Tree): Promise<void> {
  if ((await tree.git('rev-parse', '--is-shallow-repository')) !== 'true') return;
  throw new OperationError(
    'This clone is shallow, and only the whole history tells which release is newer. Fetch it with git fetch --unshallow; in a workflow give actions/checkout fetch-depth: 0.',
  );
}

/** Makes sure that the source of a release is a commit of this repository. Throws {@link OperationError} where not. */
export async function requireKnownSource(tree: Tree, source: string): Promise<void> {
  if (await isKnown(tree, source)) return;
  throw new OperationError(
    `The source ${source} is no commit of this repository, so nobody can tell whether it is newer than what is pinned. Push it first, and fetch it here.`,
  );
}

async function isKnown(tree: Tree, commit: string): Promise<boolean> {
  return (await tree.tryGit('cat-file', '-e', `${commit}^{commit}`)).exitCode === 0;
}
