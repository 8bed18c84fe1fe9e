import type { Pin } from '../../apps/pins.ts';
import { isAncestor } from '../publish/remote.ts';
import type { Tree } from '../publish/tree.ts';
import type { PinChange } from './pin-changes.ts';

/**
 * The former release that the source of `wanted` is part of; null where it goes beyond all of them. It matters where what is pinned
 * now is older: then somebody took that release back, and everything that it was made of with it, also what was
 * never released by itself.
 *
 * @param changes of the pin file, newest first
 */
export async function formerRelease(tree: Tree, wanted: Pin, changes: readonly PinChange[]): Promise<Pin | null> {
  const pins = changes.flatMap(({ pin }) => pin ?? []);
  const sources = [...new Set(pins.map(({ source }) => source))];
  // One question to the whole history, because asking a thousand releases one by one takes seconds.
  const question = [wanted.source, ...sources.map((source) => `^${source}`)].map((line) => `${line}\n`).join('');
  const beyond = await tree.gitReading(question, 'rev-list', '--max-count=1', '--ignore-missing', '--stdin');
  if (beyond.trim() !== '') return null;
  for (const pin of pins) if (await isPart(tree, wanted.source, pin.source)) return pin;
  return null;
}

async function isPart(tree: Tree, source: string, of: string): Promise<boolean> {
  if (source === of) return true;
  const isKnown = (await tree.tryGit('cat-file', '-e', `${of}^{commit}`)).exitCode === 0;
  return isKnown && isAncestor(tree, source, of);
}
