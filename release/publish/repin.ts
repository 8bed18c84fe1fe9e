import { dirname } from 'node:path';
import { readFiles } from 'zerodrop/files';
import { formatPin, type Pin, pinPath, type TargetPath } from '../../apps/pins.ts';
import { clearPath, writeOver } from '../../apps/write.ts';
import { ownPaths } from '../changed-paths.ts';
import { isReadable, notRendered } from '../plan.ts';
import { requireSamePackages } from './packages.ts';
import type { Surroundings } from './surroundings.ts';
import type { Tree } from './tree.ts';

/**
 * Pins an image in a tree, renders that target there, and stages what it is made of and nothing else. Whatever was at its paths (a
 * link, a folder, a submodule, a file that nobody can read) is replaced. Throws OperationError where it can't be rendered.
 */
export async function repin(
  tree: Tree,
  target: TargetPath,
  pin: Pin,
  { render, callMs, signal }: Surroundings,
): Promise<void> {
  await requireSamePackages(tree.directory);
  const own = ownPaths(target);
  // What is no folder there holds none of these paths, and git would stage nothing in a submodule.
  await tree.git('update-index', '--force-remove', '--', ...new Set(own.flatMap(above)));
  await tree.git('rm', '-r', '--force', '--quiet', '--cached', '--ignore-unmatch', '--', ...own);
  for (const path of own) await clearPath(tree.directory, path);
  await writeOver(tree.directory, pinPath(target), formatPin(pin));
  await render(tree.directory, target, { callMs, signal });
  // Also what a .gitignore names: git has lost sight of it by now.
  await tree.git('add', '--all', '--force', '--', ...own);
}

/** The folders that a path is in. */
function above(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...above(folder)];
}

/**
 * Makes sure that Argo CD's objects of a target are what they are rendered to, after {@link repin}: else what is released goes with
 * settings that the cluster does not have. One that can't be read is no hindrance: the cluster keeps what it has. Throws OperationError.
 */
export async function requireRenderedArgo(tree: Tree): Promise<void> {
  const status = await tree.git('status', '--porcelain', '--no-renames', '--untracked-files=all', '-z', '--', 'argocd');
  if (status === '') return;
  // Two letters of state and a space stand before each path.
  const differing = status.split('\0').map((entry) => entry.slice(3));
  const committed = await readFiles(tree.gitBytes, 'HEAD', 'argocd');
  const stray = differing.find((path) => path !== '' && isReadable(path, committed));
  if (stray !== undefined) throw notRendered(stray);
}
