import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatPin, type Pin, pinPath } from '../../apps/pins.ts';
import { readFiles } from '../../git/files.ts';
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
  await clear(tree, environment);
  const file = join(tree.directory, pinPath(environment));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatPin(pin));
  await render(tree.directory, environment, { callMs, signal });
  await tree.git('add', '--all', '--', ...ownPaths(environment));
}

async function clear({ directory, git }: Tree, environment: string): Promise<void> {
  await git('rm', '-r', '--force', '--quiet', '--cached', '--ignore-unmatch', '--', ...ownPaths(environment));
  // Nothing may be written through a link, to wherever it leads.
  for (const folder of ['apps', 'apps/images', 'manifests', 'argocd']) {
    const found = await lstat(join(directory, folder)).catch(() => null);
    if (found !== null && !found.isDirectory()) await rm(join(directory, folder));
  }
  for (const path of ownPaths(environment)) await rm(join(directory, path), { recursive: true, force: true });
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
