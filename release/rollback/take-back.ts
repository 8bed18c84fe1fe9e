import { OperationError, UsageError } from 'zerodrop/errors';
import { readFiles } from 'zerodrop/files';
import { flawsOf } from 'zerodrop/guard';
import {
  formatPin,
  formerManifestsPath,
  formerPinPath,
  manifestsPath,
  pinPath,
  type TargetPath,
} from '../../apps/pins.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import { isOwn, ownPaths } from '../changed-paths.ts';
import type { ReleaseInEffect } from '../history/in-effect.ts';
import { repin } from '../publish/repin.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import type { Tree } from '../publish/tree.ts';

/**
 * Stages what takes a release back. First by git revert, which needs nothing but git. Where that meets a conflict with a later change,
 * would take back more than the release, or leaves a folder that Argo CD can't read, the former pin is rendered anew, by today's
 * code and settings. Where those don't render, the pin and the manifests of the former release come back as they were.
 */
export async function stageTakingBack(
  tree: Tree,
  path: TargetPath,
  release: ReleaseInEffect,
  target: ReleaseInEffect,
  surroundings: Surroundings,
): Promise<void> {
  const mainline = await mainlineOf(tree, release.commit);
  const ran = await tree.tryGit('revert', '--no-commit', ...mainline, release.commit);
  if (ran.exitCode === 0 && (await isTakenBack(tree, path, target))) return;
  await tree.git('reset', '--quiet', '--hard');
  try {
    await repin(tree, path, target.pin, surroundings);
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
async function isTakenBack(tree: Tree, path: TargetPath, target: ReleaseInEffect): Promise<boolean> {
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
