import { dirname, resolve } from 'node:path';
import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { type Files, readFiles, sameContent } from 'zerodrop/files';
import { git, gitBytes } from 'zerodrop/git';
import { flawsOf } from 'zerodrop/guard';
import { runProgram } from 'zerodrop/program';
import { formatPin, manifestsPath, partsOf, type Pin, pinPath, type TargetPath } from '../../apps/pins.ts';
import type { Project, Target } from '../../apps/project.ts';
import { clearPath, writeOver } from '../../apps/write.ts';
import { findEnvironment, findService, firstOf, type Settings } from '../../settings/settings.ts';
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

/** The target that a command names: the service may be left out where the settings have one. */
export interface Asked {
  readonly environment: string;
  readonly service?: string | undefined;
}

/** The branch of the one open pull request that does this to a target, whether its service was typed or found. */
export function branchOf(
  prefix: string,
  { environment, service }: { readonly environment: string; readonly service: string },
): string {
  return `${prefix}/${service}-${environment}`;
}

/** The name of an environment that the settings have. Throws {@link UsageError} where they don't. */
export function requireEnvironment(environment: string, settings: Settings, option = '--environment'): string {
  const found = findEnvironment(option, environment, settings);
  if (typeof found === 'string') throw new UsageError(found);
  return found.name;
}

/** The name of a service that the settings have; the only one for undefined. Throws {@link UsageError} where they don't. */
export function requireService(service: string | undefined, settings: Settings): string {
  const found = findService(service, settings);
  if (typeof found === 'string') throw new UsageError(found);
  return found.name;
}

/** The target that is asked for. Throws {@link UsageError} for what the settings do not have. */
export function requireTarget({ environment, service }: Asked, project: Project, option?: string): Target {
  const { settings } = project;
  const path: TargetPath = `${requireEnvironment(environment, settings, option)}/${requireService(service, settings)}`;
  return firstOf(project.targets.filter((target) => target.path === path));
}

/** The paths that hold something else, are new or are gone, in order. */
export function changedPaths(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.filter((path) => !sameContent(before.get(path), after.get(path)));
}

/** What a release of a target may change: its pin, and what it runs. */
export function ownPaths(target: TargetPath): readonly string[] {
  return [pinPath(target), manifestsPath(target)];
}

/** Whether a path is among those, or below one of them. */
export function isOwn(path: string, target: TargetPath): boolean {
  return ownPaths(target).some((own) => path === own || path.startsWith(`${own}/`));
}

/** The root of the working copy that `directory` is in. Throws {@link OperationError} where there is none. */
export async function findWorkingCopy(directory: string): Promise<string> {
  return instead(git(resolve(directory), 'rev-parse', '--show-toplevel'), (said) => {
    // Where the folders above are on another disk, git adds a second line about that.
    const [why = ''] = said.split('\n');
    return `Git finds no clone with a working tree in ${resolve(directory)} (${why}). Run this in a clone, or name one with --directory.`;
  });
}

/**
 * Makes sure that one commit on a branch can be made here, and that it holds nothing but the release. Returns
 * the branch. Throws {@link OperationError} where not.
 */
export async function requireReleasable(directory: string): Promise<string> {
  const branch = await instead(git(directory, 'symbolic-ref', '--quiet', '--short', 'HEAD'), () => {
    return `${directory} is on no branch (HEAD is detached), so nothing would follow the commit of a release. Switch to one first: git switch main.`;
  });
  await instead(git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'), () => {
    return `${directory} has no commit yet, so there is nothing to compare a release with. Commit its files first.`;
  });
  const changes = changedFiles(await git(directory, 'status', '--porcelain', '--no-renames', '-z'));
  if (changes.length > 0) {
    throw new OperationError(
      `${directory} has changes that are not committed: ${some(changes)}. A release needs a clean working copy: it commits what it renders of committed files and nothing else, and puts every file back when it fails. Commit them first, or put them away with git stash --include-untracked.`,
    );
  }
  await requireNothingUnfinished(directory);
  return branch;
}

/** A commit would end what git has under way, and be something else than it says: a merge, or another author's. */
async function requireNothingUnfinished(directory: string): Promise<void> {
  const unfinished = ['merge', 'cherry-pick', 'revert'];
  const references = unfinished.map((what) => `${what.toUpperCase().replace('-', '_')}_HEAD\n`);
  // A line for each: the commit that it names, or that it is missing.
  const answers = (await gitBytes(directory, references.join(''), 'cat-file', '--batch-check')).toString().split('\n');
  const what = unfinished.find((_, index) => answers[index]?.endsWith(' missing') === false);
  if (what === undefined) return;
  throw new OperationError(
    `${directory} is in the middle of a ${what}. End it with git ${what} --continue or --abort, and release again.`,
  );
}

/** Gives another sentence to a git command that fails: what the failure means here. */
async function instead(command: Promise<string>, sentence: (said: string) => string): Promise<string> {
  try {
    return await command;
  } catch (cause) {
    if (!(cause instanceof ProgramError)) throw cause;
    throw new OperationError(sentence(cause.said), { cause });
  }
}

/** Two letters of state and a space stand before each path. */
function changedFiles(status: string): readonly string[] {
  return status
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3));
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
