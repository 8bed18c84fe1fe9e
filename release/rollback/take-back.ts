import { readFiles } from 'zerodrop/files';
import { flawsOf } from 'zerodrop/guard';
import { pinPath } from '../../apps/pins.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import { CannotRelease } from '../cannot-release.ts';
import { isOwn, ownPaths } from '../changed-paths.ts';
import type { StandingRelease } from '../history/standing.ts';
import { repin } from '../publish/repin.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import type { Tree } from '../publish/tree.ts';
import { WrongUse } from '../wrong-use.ts';

/**
 * Stages what takes a release back. First by git revert, which needs nothing but git. Where that meets a conflict with a later change,
 * would take back more than the release, or leaves a folder that Argo CD can't read, the former pin is rendered anew, by today's
 * code and settings. Where those don't render, the pin and the manifests of the former release come back as they were.
 */
export async function stageTakingBack(
  tree: Tree,
  environment: string,
  release: StandingRelease,
  target: StandingRelease,
  surroundings: Surroundings,
): Promise<void> {
  const mainline = await mainlineOf(tree, release.commit);
  const ran = await tree.tryGit('revert', '--no-commit', ...mainline, release.commit);
  if (ran.exitCode === 0 && (await isTakenBack(tree, environment, target))) return;
  await tree.git('reset', '--quiet', '--hard');
  try {
    await repin(tree, environment, target.pin, surroundings);
  } catch (error) {
    const isTold = error instanceof CannotRelease || error instanceof WrongUse || isSettingsError(error);
    if (!isTold || surroundings.signal.aborted) throw error;
    await tree.git('reset', '--quiet', '--hard');
    await restore(tree, environment, target.commit);
  }
}

/** A promotion that was merged with a merge commit is taken back to its first parent, which is main. */
async function mainlineOf(tree: Tree, commit: string): Promise<readonly string[]> {
  const parents = await tree.git('rev-list', '--parents', '--max-count=1', commit);
  return parents.split(' ').length > 2 ? ['--mainline=1'] : [];
}

/** Whether what is staged is the former pin with its manifests, nothing beyond, and can be read by Argo CD. */
async function isTakenBack(tree: Tree, environment: string, target: StandingRelease): Promise<boolean> {
  const staged = (await tree.git('diff', '--cached', '--name-only', '--no-renames', '-z')).split('\0');
  if (!staged.every((path) => path === '' || isOwn(path, environment))) return false;
  const ran = await tree.tryGit('diff', '--cached', '--quiet', target.commit, '--', pinPath(environment));
  if (ran.exitCode !== 0) return false;
  const files = await readFiles(tree.gitBytes, await tree.git('write-tree'), `manifests/${environment}`);
  return flawsOf(files).size === 0;
}

/** Stages an environment as a commit has it, from the history alone. */
async function restore(tree: Tree, environment: string, commit: string): Promise<void> {
  const paths = ownPaths(environment);
  await tree.git('rm', '-r', '--force', '--quiet', '--cached', '--ignore-unmatch', '--', ...paths);
  const listed = await tree.gitBytes('', 'ls-tree', '-r', '-z', '--full-tree', commit, '--', ...paths);
  await tree.gitBytes(listed, 'update-index', '-z', '--index-info');
}
