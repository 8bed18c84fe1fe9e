import { UsageError } from 'zerodrop/errors';
import { type Files, sameContent } from 'zerodrop/files';
import { manifestsPath, pinPath, type TargetPath } from '../apps/pins.ts';
import type { Project, Target } from '../apps/project.ts';
import { type Settings, findEnvironment, findService, firstOf } from '../settings/settings.ts';

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
