import { resolve } from 'node:path';
import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { type Files, sameContent } from 'zerodrop/files';
import { git, gitBytes } from 'zerodrop/git';
import { manifestsPath, pinPath, type TargetPath } from '../apps/pins.ts';
import type { Project, Target } from '../apps/project.ts';
import { findEnvironment, findService, firstOf, type Settings } from '../settings/settings.ts';

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
