import { OperationError } from 'zerodrop/errors';
import type { Pin } from '../../apps/pins.ts';
import { isAncestor } from '../publish/remote.ts';
import type { Tree } from '../publish/tree.ts';
import { type PinChange, releasesInEffect, samePin } from './pin-changes.ts';

/** What the history of an environment says to a release. */
export type Decision =
  | { readonly kind: 'go' }
  /** What is pinned is newer. */
  | { readonly kind: 'superseded'; readonly pinned: Pin }
  /** What is pinned is another build of the same source, and was released after this one. */
  | { readonly kind: 'built-again'; readonly wanted: Pin; readonly pinned: Pin }
  /** It was released before and taken back, or is part of what was. */
  | { readonly kind: 'rolled-back'; readonly former: Pin; readonly pinned: Pin | null };

/** What is known of a release and of the environment that it is for. */
export interface KnownRelease {
  readonly wanted: Pin;
  /** What the environment runs; null for nothing. */
  readonly pinned: Pin | null;
  /** The same where nothing is pinned: there is nothing to be older than. */
  readonly order: SourceOrder;
  /** A former release that the wanted source is part of; only looked for where that matters. */
  readonly former: Pin | null;
  /** Whether this very image of this source was pinned before. */
  readonly wasPinned: boolean;
  /** Whether that release was never taken back: what is pinned was released on top of it. */
  readonly isInEffect: boolean;
}

/**
 * Decides whether a release goes on, from nothing but what the pin file held over time:
 * an older run never overwrites a newer one, and what was rolled back stays so until a newer commit comes, or `again`.
 * The same source with another image goes on: it was built again, on a newer base for instance; a late run of the former build does
 * not. Throws {@link OperationError} for a
 * source that is neither older nor newer.
 */
export function decide(
  { wanted, pinned, order, former, wasPinned, isInEffect }: KnownRelease,
  again: boolean,
): Decision {
  if (pinned !== null && samePin(pinned, wanted)) return { kind: 'go' };
  if (pinned !== null && order === 'older') return { kind: 'superseded', pinned };
  if (pinned !== null && order === 'apart') throw apart(wanted, pinned);
  const isBack = pinned !== null && order === 'same' ? wasPinned : former !== null;
  if (!isBack || again) return { kind: 'go' };
  if (pinned !== null && order === 'same' && isInEffect) return { kind: 'built-again', wanted, pinned };
  return { kind: 'rolled-back', former: former ?? wanted, pinned };
}

/** Asks the history that the tree stands on. Throws {@link OperationError} for a source that it does not have. */
export async function readHistory(tree: Tree, changes: readonly PinChange[], wanted: Pin): Promise<KnownRelease> {
  await requireKnownSource(tree, wanted.source);
  const pinned = pinnedNow(changes);
  const order = pinned === null ? 'same' : await sourceOrder(tree, wanted.source, pinned.source);
  return {
    wanted,
    pinned,
    order,
    former: pinned === null || order === 'newer' ? await formerRelease(tree, wanted, changes) : null,
    wasPinned: changes.some(({ pin }) => pin !== null && samePin(pin, wanted)),
    isInEffect: releasesInEffect(changes).some(({ pin }) => samePin(pin, wanted)),
  };
}

/** What runs: where the file is broken, what it held before that, because a broken one is never rolled out. */
export function pinnedNow(changes: readonly PinChange[]): Pin | null {
  if (changes[0]?.isGone === true) return null;
  return changes.find(({ pin }) => pin !== null)?.pin ?? null;
}

function apart(wanted: Pin, pinned: Pin): OperationError {
  return new OperationError(
    `The source ${wanted.source} is neither older nor newer than ${pinned.source}, which is pinned: their branches have diverged. Merge main into it, build that and release it.`,
  );
}

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
export async function requireHistory(tree: Pick<Tree, 'git'>): Promise<void> {
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

/**
 * The newest former release that the source of `wanted` is part of; null where it goes beyond all of them. It matters where what is
 * pinned now is older: then somebody took that release back, and everything that it was made of with it, also what was never
 * released by itself.
 *
 * @param changes of the pin file, newest first
 */
export async function formerRelease(tree: Tree, wanted: Pin, changes: readonly PinChange[]): Promise<Pin | null> {
  const pins = changes.flatMap(({ pin }) => pin ?? []);
  // One question for the whole history, because a question for each of a thousand releases takes seconds: which commits lie between
  // `wanted` and the releases?
  const question = [...pins.map(({ source }) => source), `^${wanted.source}`].map((line) => `${line}\n`).join('');
  const listed = await tree.gitBytes(question, 'rev-list', '--ancestry-path', '--ignore-missing', '--stdin');
  const descendants = new Set(listed.toString().split('\n'));
  return pins.find(({ source }) => source === wanted.source || descendants.has(source)) ?? null;
}
