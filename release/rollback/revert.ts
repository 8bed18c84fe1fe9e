import { OperationError, UsageError } from 'zerodrop/errors';
import { readFiles } from 'zerodrop/files';
import { flawsOf } from 'zerodrop/guard';
import {
  formatPin,
  formerManifestsPath,
  formerPinPath,
  manifestsPath,
  partsOf,
  pinPath,
  type TargetPath,
} from '../../apps/pins.ts';
import { isSettingsError } from '../../settings/sentences.ts';
import { type PinChange, type ReleaseInEffect, releasesInEffect } from '../history/pin-changes.ts';
import { tagOf } from '../outcome.ts';
import type { Surroundings } from '../publish/race.ts';
import { isOwn, ownPaths, pinAndRender } from '../publish/render.ts';
import type { Tree } from '../publish/tree.ts';

/** What a rollback takes back, and what it brings. */
export type Choice =
  | { readonly kind: 'take-back'; readonly release: ReleaseInEffect; readonly target: ReleaseInEffect }
  /** Somebody else has taken it back. */
  | { readonly kind: 'gone'; readonly commit: string };

/**
 * Chooses the release to take back: the last that stands, and only if it is `wanted` where one is named. A second rollback in the
 * same minute must not take back one more. Throws {@link OperationError} where there is nothing to go back to, or a newer release
 * stands on the wanted one.
 *
 * @param changes of the pin file, newest first
 * @param wanted the commit of a release; null for whatever is the last
 */
export function choose(path: TargetPath, changes: readonly PinChange[], wanted: string | null): Choice {
  const { environment } = partsOf(path);
  const releases = releasesInEffect(changes);
  const release = releases.at(-1);
  if (wanted !== null && !releases.some(({ commit }) => commit === wanted)) {
    const [named, ...before] = changes.slice(changes.findIndex(({ commit }) => commit === wanted));
    if (named?.commit === wanted) return goneOrThrow(path, named, before);
    throw new OperationError(
      `${wanted} is no release of ${environment} on main: git log --first-parent -- ${pinPath(path)} lists them.`,
    );
  }
  if (release === undefined) throw noRelease(path, changes);
  if (wanted !== null && release.commit !== wanted) {
    throw new OperationError(
      `${wanted} is no longer what ${environment} runs: ${tagOf(release.pin)} was released on top of it in ${release.commit}. Check whether that one has to be rolled back as well.`,
    );
  }
  const target = releases.at(-2);
  if (target === undefined) {
    throw new OperationError(
      `${tagOf(release.pin)} is the first release of ${environment}, so there is none before it to go back to. Release a fixed one; or take the service away with git revert ${release.commit}.`,
    );
  }
  return { kind: 'take-back', release, target };
}

function noRelease(path: TargetPath, [last]: readonly PinChange[]): OperationError {
  const gone =
    last === undefined
      ? ''
      : ` Its pin ${pinPath(path)} is gone since ${last.commit}: if that was a mistake, bring it back with git revert ${last.commit}.`;
  return new OperationError(`${partsOf(path).environment} runs no release, so there is none to roll back.${gone}`);
}

/** A commit that pinned anew what had run before is no release but the way back from one: it took something back itself. */
function goneOrThrow(path: TargetPath, named: PinChange, before: readonly PinChange[]): Choice {
  const last = releasesInEffect([named, ...before]).at(-1);
  if (last === undefined || last.commit === named.commit) return { kind: 'gone', commit: named.commit };
  throw new OperationError(
    `${named.commit} is no release: it rolled back to ${tagOf(last.pin)}. To go further back: npm run release -- rollback --environment ${path.replace('/', ' --service ')}`,
  );
}

/**
 * Stages what takes a release back. First by git revert, which needs nothing but git. Where that meets a conflict with a later change,
 * would take back more than the release, or leaves a folder that Argo CD can't read, the former pin is rendered anew, by today's
 * code and settings. Where those don't render, the pin and the manifests of the former release come back as they were.
 */
export async function stageRevert(
  tree: Tree,
  path: TargetPath,
  release: ReleaseInEffect,
  target: ReleaseInEffect,
  surroundings: Surroundings,
): Promise<void> {
  const mainline = await mainlineOf(tree, release.commit);
  const ran = await tree.tryGit('revert', '--no-commit', ...mainline, release.commit);
  if (ran.exitCode === 0 && (await isReverted(tree, path, target))) return;
  await tree.git('reset', '--quiet', '--hard');
  try {
    await pinAndRender(tree, path, target.pin, surroundings);
  } catch (error) {
    const isTold = error instanceof OperationError || error instanceof UsageError || isSettingsError(error);
    if (!isTold || surroundings.signal.aborted) throw error;
    await tree.git('reset', '--quiet', '--hard');
    await restore(tree, path, target.commit);
  }
}

/** A promotion that was merged with a merge commit is taken back to its first parent, which is main. */
async function mainlineOf(tree: Tree, commit: string): Promise<readonly string[]> {
  const parents = await tree.git('rev-list', '--parents', '--max-count=1', commit);
  return parents.split(' ').length > 2 ? ['--mainline=1'] : [];
}

/** Whether what is staged is the former pin with its manifests, nothing beyond, and can be read by Argo CD. */
async function isReverted(tree: Tree, path: TargetPath, target: ReleaseInEffect): Promise<boolean> {
  const staged = (await tree.git('diff', '--cached', '--name-only', '--no-renames', '-z')).split('\0');
  if (!staged.every((one) => one === '' || isOwn(one, path))) return false;
  const written = await tree.git('write-tree');
  const pin = pinPath(path);
  if ((await readFiles(tree.gitBytes, written, pin)).get(pin) !== formatPin(target.pin)) return false;
  const files = await readFiles(tree.gitBytes, written, manifestsPath(path));
  return flawsOf(files).size === 0;
}

/** Stages a target as a commit has it, from the history alone: also from where its files were while there was one service. */
async function restore(tree: Tree, path: TargetPath, commit: string): Promise<void> {
  const paths = ownPaths(path);
  await tree.git('rm', '-r', '--force', '--quiet', '--cached', '--ignore-unmatch', '--', ...paths);
  const former = [formerPinPath(path), formerManifestsPath(path)];
  const list = async (under: readonly string[]): Promise<string> =>
    (await tree.gitBytes('', 'ls-tree', '-r', '-z', '--full-tree', commit, '--', ...under)).toString();
  const listed = await list(paths);
  const index = listed === '' ? moved(await list(former), path, former) : listed;
  await tree.gitBytes(index, 'update-index', '-z', '--index-info');
}

/** Entries of `git ls-tree -z` of the former place, as they are in the target's own. */
function moved(listed: string, path: TargetPath, [pin = '', folder = '']: readonly string[]): string {
  const entries = listed.split('\0').flatMap((entry) => {
    const [what = '', at = ''] = entry.split('\t');
    if (at === pin) return [`${what}\t${pinPath(path)}\0`];
    const name = at.slice(folder.length + 1);
    return at.startsWith(`${folder}/`) && !name.includes('/') ? [`${what}\t${manifestsPath(path)}/${name}\0`] : [];
  });
  return entries.join('');
}
