import { pinPath } from '../../apps/pins.ts';
import type { StandingRelease } from '../history/standing.ts';
import { repin } from '../publish/repin.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import type { Tree } from '../publish/tree.ts';

/**
 * Stages what takes a release back: git revert, which needs nothing but git. Where that meets a conflict with a later change, or would
 * take back more than the release, the former pin is rendered anew instead, by today's code and settings.
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
  await repin(tree, environment, target.pin, surroundings);
}

/** A promotion that was merged with a merge commit is taken back to its first parent, which is main. */
async function mainlineOf(tree: Tree, commit: string): Promise<readonly string[]> {
  const parents = await tree.git('rev-list', '--parents', '--max-count=1', commit);
  return parents.split(' ').length > 2 ? ['--mainline=1'] : [];
}

/** Whether what is staged is the former pin with its manifests, and nothing beyond. */
async function isTakenBack(tree: Tree, environment: string, target: StandingRelease): Promise<boolean> {
  const own = pinPath(environment);
  const staged = (await tree.git('diff', '--cached', '--name-only', '--no-renames', '-z')).split('\0');
  const isOwn = (path: string): boolean => path === own || path.startsWith(`manifests/${environment}/`);
  if (!staged.filter((path) => path !== '').every(isOwn)) return false;
  const ran = await tree.tryGit('diff', '--cached', '--quiet', target.commit, '--', own);
  return ran.exitCode === 0;
}
