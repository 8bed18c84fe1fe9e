import { dirname } from 'node:path';
import { OperationError, UsageError } from 'zerodrop/errors';
import { readFiles } from 'zerodrop/files';
import { flawsOf } from 'zerodrop/guard';
import { runProgram } from 'zerodrop/program';
import { formatPin, partsOf, type Pin, pinPath, type TargetPath } from '../../apps/pins.ts';
import { clearPath, writeOver } from '../../apps/write.ts';
import { ownPaths } from '../target.ts';
import { type Bounds, requireSamePackages, type Tree } from './tree.ts';

/** Renders one target in a working copy, and Argo CD's objects of it, from the settings and its pin that are on the disk. */
export type Render = (directory: string, target: TargetPath, bounds: Bounds) => Promise<void>;

/**
 * Renders by the tree's own program, as npm run synth would there: main may have moved on since this command was started, and a
 * commit must hold what the code beside it renders. Throws with the program's words: {@link UsageError} for settings that are wrong,
 * {@link OperationError} for everything else.
 */
export const renderByTree: Render = async (directory, target, { callMs, signal }) => {
  // Rendering has no use for the token that pushes.
  const { GH_TOKEN: _, ...inherited } = process.env;
  const call = { name: 'node apps/main.ts', directory, environment: inherited, limitMs: callMs, signal };
  const { environment, service } = partsOf(target);
  const options = ['--environment', environment, '--service', service];
  const program = ['--conditions=zerodrop-source', '--import', 'tsx', 'apps/main.ts', ...options];
  const ran = await runProgram(call, process.execPath, ...program);
  if (ran.exitCode === 0) return;
  const says = `The newest main can't be rendered, so nothing can be released on it:\n${ran.stderr.trim()}\nFix it there: npm run synth shows the same.`;
  // Synth says by its exit code that what an owner wrote is wrong.
  throw ran.exitCode === 2 ? new UsageError(says) : new OperationError(says);
};

/** By what a target is rendered, and what ends that. */
export interface Rendering extends Bounds {
  readonly render: Render;
}

/**
 * Pins an image in a tree, renders that target there, and stages what it is made of and nothing else. Whatever was at its paths (a
 * link, a folder, a submodule, a file that nobody can read) is replaced. Throws OperationError where it can't be rendered.
 */
export async function pinAndRender(
  tree: Tree,
  target: TargetPath,
  pin: Pin,
  { render, callMs, signal }: Rendering,
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
 * Makes sure that Argo CD's objects of a target are what they are rendered to, after {@link pinAndRender}: else what is released goes with
 * settings that the cluster does not have. One that can't be read is no hindrance: the cluster keeps what it has. Throws OperationError.
 */
export async function requireRenderedArgo(tree: Tree): Promise<void> {
  const status = await tree.git('status', '--porcelain', '--no-renames', '--untracked-files=all', '-z', '--', 'argocd');
  if (status === '') return;
  // Two letters of state and a space stand before each path.
  const differing = status.split('\0').map((entry) => entry.slice(3));
  const committed = await readFiles(tree.gitBytes, 'HEAD', 'argocd');
  const flaws = flawsOf(committed);
  const stray = differing.find((path) => path !== '' && !flaws.has(path));
  if (stray === undefined) return;
  throw new OperationError(
    `${stray} is not what settings.ts and apps/ render, so the release would not run as they say. Run npm run synth, look at the difference and commit it, then release.`,
  );
}
