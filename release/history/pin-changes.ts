import { parsePin, type Pin, PinError, pinPath } from '../../apps/pins.ts';
import { readBlobs } from '../publish/blobs.ts';
import type { Tree } from '../publish/tree.ts';

/** One commit of main that changed what an environment runs. */
export interface PinChange {
  /** 40 hex digits. */
  readonly commit: string;
  /** The pin file from then on; null where the commit took it away. */
  readonly text: string | null;
  /** Null where there is no file, or none that can be read. */
  readonly pin: Pin | null;
}

/**
 * Every change of an environment's pin file, newest first, from the commit that the tree stands on. Only main's own line counts: a
 * merge is the one change that it brought. What the file held is all that is read, because squash merges lose trailers and
 * people write their own subjects.
 */
export async function readPinChanges(tree: Tree, environment: string): Promise<readonly PinChange[]> {
  const path = pinPath(environment);
  const listed = await tree.git('log', '--first-parent', '--no-show-signature', '--format=%H', 'HEAD', '--', path);
  const commits = listed.split('\n').filter((line) => line !== '');
  const texts = await readBlobs(
    tree,
    commits.map((commit) => `${commit}:${path}`),
  );
  return commits.map((commit, index) => pinChange(commit, texts[index] ?? null, path));
}

/** What an environment was pinned to at a commit; null for nothing, and for a commit that is not there. */
export async function readPinAt(tree: Tree, environment: string, commit: string): Promise<Pin | null> {
  const path = pinPath(environment);
  const [text] = await readBlobs(tree, [`${commit}:${path}`]);
  return pinChange(commit, text ?? null, path).pin;
}

function pinChange(commit: string, text: string | null, path: string): PinChange {
  if (text === null) return { commit, text, pin: null };
  try {
    return { commit, text, pin: parsePin(text, path) };
  } catch (error) {
    if (error instanceof PinError) return { commit, text, pin: null };
    throw error;
  }
}
