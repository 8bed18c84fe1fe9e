import type { TargetPath } from '../apps/pins.ts';
import type { Project, Target } from '../apps/project.ts';
import { findEnvironment } from '../settings/known-environment.ts';
import { firstOf, type Settings } from '../settings/settings.ts';
import { WrongUse } from './wrong-use.ts';

/** The target that a command names: the service may be left out where the settings have one. */
export interface Asked {
  readonly environment: string;
  readonly service?: string | undefined;
}

/** The name of an environment that the settings have. Throws {@link WrongUse} where they don't. */
export function requireEnvironment(environment: string, settings: Settings, option = '--environment'): string {
  const found = findEnvironment(option, environment, settings);
  if (typeof found === 'string') throw new WrongUse(found);
  return found.name;
}

/** The name of a service that the settings have; the only one for undefined. Throws {@link WrongUse} where they don't. */
export function requireService(service: string | undefined, { services }: Settings): string {
  const names = services.map(({ name }) => name);
  if (service === undefined && names.length === 1) return firstOf(names);
  if (service !== undefined && names.includes(service)) return service;
  const what = service === undefined ? 'is missing' : `is ${JSON.stringify(service)}`;
  throw new WrongUse(`--service ${what}, but settings.ts has ${names.join(', ')}.`);
}

/** The target that is asked for. Throws {@link WrongUse} for what the settings do not have. */
export function requireTarget({ environment, service }: Asked, project: Project, option?: string): Target {
  const { settings } = project;
  const path: TargetPath = `${requireEnvironment(environment, settings, option)}/${requireService(service, settings)}`;
  return firstOf(project.targets.filter((target) => target.path === path));
}
