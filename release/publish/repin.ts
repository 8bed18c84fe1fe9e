import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatPin, type Pin, pinPath } from '../../apps/pins.ts';
import { requireSamePackages } from './packages.ts';
import type { Surroundings } from './surroundings.ts';
import type { Tree } from './tree.ts';
import { releasedPaths } from './weigh.ts';

/** Pins an image in a tree, renders it there, and stages what differs. Throws CannotRelease where it can't be rendered. */
export async function repin(
  tree: Tree,
  environment: string,
  pin: Pin,
  { render, callMs, signal }: Surroundings,
): Promise<void> {
  await requireSamePackages(tree.directory);
  const file = join(tree.directory, pinPath(environment));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatPin(pin));
  await render(tree.directory, { callMs, signal });
  await tree.git('add', '--all', '--', ...releasedPaths);
}
