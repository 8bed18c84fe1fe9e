import { readFiles, readObjects } from 'zerodrop/files';
import { parsePin, type Pin, PinError, pinPath } from '../../apps/pins.ts';
import type { Tree } from '../publish/tree.ts';

/** One commit of main that changed what an environment runs. */
export interface PinChange {
  /** 40 hex digits. */
  readonly commit: string;
  /** Whether the environment has no pin from then on: there is nothing at its path. */
  readonly isGone: boolean;
  /** Null where there is no pin, or none that can be read. */
  readonly pin: Pin | null;
}

/**
 * Every change of an environment's pin file, newest first, from the commit that the tree stands on. Only main's own line counts: a
 * merge is the one change that it brought. What the file held is all that is read, because squash merges lose trailers and
 * people write their own subjects.
 */
export async function readPinChanges(tree: Tree, environment: string): Promise<readonly PinChange[]> {
  const path = pinPath(environment);
  const lines = ['--raw', '-m', '--root', '--no-abbrev', '--no-renames', '--no-show-signature', '--format=%H'];
  const places = parsePlaces(await tree.git('log', '--first-parent', ...lines, 'HEAD', '--', path), path);
  const blobs = await readObjects(
    tree.gitBytes,
    places.flatMap(({ object }) => object ?? []),
  );
  return places.map(({ commit, isGone, object }) => {
    const text = object === null ? undefined : blobs.get(object)?.toString();
    return { commit, isGone, pin: text === undefined ? null : pinOf(text, path) };
  });
}

/** What an environment was pinned to at a commit; null for nothing, and for a commit that is not there. */
export async function readPinAt(tree: Tree, environment: string, commit: string): Promise<Pin | null> {
  const path = pinPath(environment);
  const known = await tree.tryGit('cat-file', '-e', `${commit}^{commit}`);
  if (known.exitCode !== 0) return null;
  const text = (await readFiles(tree.gitBytes, commit, path)).get(path);
  return typeof text === 'string' ? pinOf(text, path) : null;
}

/** What a commit left at the path. */
interface Place {
  readonly commit: string;
  readonly isGone: boolean;
  /** Git's name for the file; null where there is none, but a link, a folder or a submodule at the most. */
  readonly object: string | null;
}

/** Reads `git log --raw --format=%H`: `:100644 100755 HASH HASH M<tab>PATH` under each commit, for the path and all below it. */
function parsePlaces(log: string, path: string): readonly Place[] {
  const places: Place[] = [];
  for (const line of log.split('\n')) {
    if (/^[0-9a-f]{40,}$/.test(line)) places.push({ commit: line, isGone: true, object: null });
    const {
      mode = '000000',
      object = '',
      at = '',
    } = /^:\d+ (?<mode>\d+) \S+ (?<object>\S+) \S+\t(?<at>.+)$/.exec(line)?.groups ?? {};
    const place = places.at(-1);
    if (place === undefined || mode === '000000') continue;
    const isFile = at === path && mode.startsWith('100');
    places[places.length - 1] = { ...place, isGone: false, object: isFile ? object : place.object };
  }
  return places;
}

function pinOf(text: string, path: string): Pin | null {
  try {
    return parsePin(text, path);
  } catch (error) {
    if (error instanceof PinError) return null;
    throw error;
  }
}
