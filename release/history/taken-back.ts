import type { Pin } from '../../apps/pins.ts';
import type { Tree } from '../publish/tree.ts';
import type { PinChange } from './pin-changes.ts';

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
