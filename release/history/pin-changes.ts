import { readFiles, readObjects } from 'zerodrop/files';
import { formerPinPath, parsePin, type Pin, PinError, pinPath, type TargetPath } from '../../apps/pins.ts';
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
 * Every change of a target's pin file, newest first, from the commit that the tree stands on. Only main's own line counts: a
 * merge is the one change that it brought. What the file held is all that is read, because squash merges lose trailers and
 * people write their own subjects.
 */
export async function readPinChanges(
  tree: Pick<Tree, 'git' | 'gitBytes'>,
  target: TargetPath,
): Promise<readonly PinChange[]> {
  const path = pinPath(target);
  const former = formerPinPath(target);
  const lines = ['--raw', '-m', '--root', '--no-abbrev', '--no-renames', '--no-show-signature', '--format=%H'];
  const log = await tree.git('log', '--first-parent', ...lines, 'HEAD', '--', path, former);
  const places = withFormer(parsePlaces(log, path), parsePlaces(log, former));
  const blobs = await readObjects(
    tree.gitBytes,
    places.flatMap(({ object }) => object ?? []),
  );
  return places.map(({ commit, isGone, object }) => {
    const text = object === null ? undefined : blobs.get(object)?.toString();
    return { commit, isGone, pin: text === undefined ? null : pinOf(text, path) };
  });
}

/**
 * The changes of a pin file that was moved to where it is now, as apps/images/ENVIRONMENT.json was: with those that it had before,
 * and without the move. A file that is not as the former one was left has no part in it.
 */
function withFormer(own: readonly Place[], former: readonly Place[]): readonly Place[] {
  const first = own.at(-1);
  const index = former.findIndex(({ commit }) => commit === first?.commit);
  const before = former.slice(index + 1);
  const isMoved = index !== -1 && former[index]?.isGone === true && before[0]?.object === first?.object;
  return isMoved ? [...own.slice(0, -1), ...before] : own;
}

/** What a target was pinned to at a commit; null for nothing, and for a commit that is not there. */
export async function readPinAt(tree: Tree, target: TargetPath, commit: string): Promise<Pin | null> {
  const known = await tree.tryGit('cat-file', '-e', `${commit}^{commit}`);
  if (known.exitCode !== 0) return null;
  const paths = [pinPath(target), formerPinPath(target)];
  const files = await readFiles(tree.gitBytes, commit, ...paths);
  const path = paths.find((one) => files.has(one));
  const text = path === undefined ? undefined : files.get(path);
  return path !== undefined && typeof text === 'string' ? pinOf(text, path) : null;
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
  let commit = '';
  for (const line of log.split('\n')) {
    if (/^[0-9a-f]{40,}$/.test(line)) commit = line;
    const {
      mode = '000000',
      object = '',
      at = '',
    } = /^:\d+ (?<mode>\d+) \S+ (?<object>\S+) \S+\t(?<at>.+)$/.exec(line)?.groups ?? {};
    if (at !== path && !at.startsWith(`${path}/`)) continue;
    if (places.at(-1)?.commit !== commit) places.push({ commit, isGone: true, object: null });
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

/** A release that no later change took back. */
export interface ReleaseInEffect {
  readonly commit: string;
  readonly pin: Pin;
}

/**
 * The releases that stand, oldest first: the last is what runs, and the one before it what a roll back brings. A change that pins
 * what an earlier release had pinned takes back all that came after it, however it was committed.
 *
 * @param changes newest first
 */
export function releasesInEffect(changes: readonly PinChange[]): readonly ReleaseInEffect[] {
  const releases: ReleaseInEffect[] = [];
  for (const { commit, isGone, pin } of changes.toReversed()) {
    if (isGone) releases.length = 0;
    // A file that can't be read was never rolled out.
    if (pin === null) continue;
    const earlier = releases.findIndex((release) => samePin(release.pin, pin));
    if (earlier === -1) releases.push({ commit, pin });
    else releases.length = earlier + 1;
  }
  return releases;
}

/** Whether two pins run the same image of the same source. */
export function samePin(one: Pin, other: Pin): boolean {
  return one.image === other.image && one.source === other.source;
}
