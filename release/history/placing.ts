import { OperationError } from 'zerodrop/errors';
import type { Pin } from '../../apps/pins.ts';
import type { Tree } from '../publish/tree.ts';
import { samePin, releasesInEffect } from './in-effect.ts';
import type { PinChange } from './pin-changes.ts';
import { requireKnownSource, type SourceOrder, sourceOrder } from './source-order.ts';
import { formerRelease } from './taken-back.ts';

/** What the history of an environment says to a release. */
export type Placing =
  | { readonly kind: 'go' }
  /** What is pinned is newer. */
  | { readonly kind: 'superseded'; readonly pinned: Pin }
  /** What is pinned is another build of the same source, and was released after this one. */
  | { readonly kind: 'built-again'; readonly wanted: Pin; readonly pinned: Pin }
  /** It was released before and taken back, or is part of what was. */
  | { readonly kind: 'rolled-back'; readonly former: Pin; readonly pinned: Pin | null };

/** What is known of a release and of the environment that it is for. */
export interface Standing {
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
  readonly stands: boolean;
}

/**
 * Decides whether a release goes on, from nothing but what the pin file held over time:
 * an older run never overwrites a newer one, and what was rolled back stays so until a newer commit comes, or `again`.
 * The same source with another image goes on: it was built again, on a newer base for instance; a late run of the former build does
 * not. Throws {@link OperationError} for a
 * source that is neither older nor newer.
 */
export function place({ wanted, pinned, order, former, wasPinned, stands }: Standing, again: boolean): Placing {
  if (pinned !== null && samePin(pinned, wanted)) return { kind: 'go' };
  if (pinned !== null && order === 'older') return { kind: 'superseded', pinned };
  if (pinned !== null && order === 'apart') throw apart(wanted, pinned);
  const isBack = pinned !== null && order === 'same' ? wasPinned : former !== null;
  if (!isBack || again) return { kind: 'go' };
  if (pinned !== null && order === 'same' && stands) return { kind: 'built-again', wanted, pinned };
  return { kind: 'rolled-back', former: former ?? wanted, pinned };
}

/** Asks the history that the tree stands on. Throws {@link OperationError} for a source that it does not have. */
export async function readStanding(tree: Tree, changes: readonly PinChange[], wanted: Pin): Promise<Standing> {
  await requireKnownSource(tree, wanted.source);
  const pinned = pinnedNow(changes);
  const order = pinned === null ? 'same' : await sourceOrder(tree, wanted.source, pinned.source);
  return {
    wanted,
    pinned,
    order,
    former: pinned === null || order === 'newer' ? await formerRelease(tree, wanted, changes) : null,
    wasPinned: changes.some(({ pin }) => pin !== null && samePin(pin, wanted)),
    stands: releasesInEffect(changes).some(({ pin }) => samePin(pin, wanted)),
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
