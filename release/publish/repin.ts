import { dirname } from 'node:path';
import { readFiles } from 'zerodrop/files';
import { formatPin, type Pin, pinPath } from '../../apps/pins.ts';
import { clearPath, writeOver } from '../../apps/write.ts';
import { ownPaths } from '../changed-paths.ts';
import { isReadable, notRendered } from '../plan.ts';
import { requireSamePackages } from './packages.ts';
import type { Surroundings } from './surroundings.ts';
import type { Tree } from './tree.ts';

/**
 * Pins an image in a tree, renders that environment there, and stages what it is made of and nothing else. Whatever was at its paths (a
 * link, a folder, a submodule, a file that nobody can read) is replaced. Throws CannotRelease where it can't be rendered.
 */
export async function repin(
  tree: Tree,
  environment: string,
  pin: Pin,
  { render, callMs, signal }: Surroundings,
): Promise<void> {
  await requireSamePackages(tree.directory);
  const own = ownPaths(environment);
  // What is no folder there holds none of these paths, and git would stage nothing in a submodule.
  await tree.git('update-index', '--force-remove', '--', ...own.map(dirname));
  await tree.git('rm', '-r', '--force', '--quiet', '--cached', '--ignore-unmatch', '--', ...own);
  for (const path of own) await clearPath(tree.directory, path);
  await writeOver(tree.directory, pinPath(environment), formatPin(pin));
  await render(tree.directory, environment, { callMs, signal });
  // Also what a .gitignore names: git has lost sight of it by now.
  await tree.git('add', '--all', '--force', '--', ...own);
}

/**
 * Makes sure that Argo CD's objects of an environment are what they are rendered to, after {@link repin}: else what is released goes with
 * settings that the cluster does not have. One that can't be read is no hindrance: the cluster keeps what it has. Throws CannotRelease.
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
