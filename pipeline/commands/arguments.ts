import { findEnvironment } from '../../settings/known-environment.ts';
import type { Settings } from '../../settings/settings.ts';
import { WrongUse } from '../errors.ts';

/** The value of an option that has to be there. Throws {@link WrongUse} where it is not. */
export function required(option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new WrongUse(`${option} is missing. See npm run pipeline -- --help.`);
  return value;
}

/** The environment that `--environment` names. Throws {@link WrongUse} with the names of those that there are for any other. */
export function knownEnvironment(name: string | undefined, settings: Settings): string {
  const names = Object.keys(settings.environments).join(', ');
  if (name === undefined || name === '') throw new WrongUse(`--environment is missing. settings.ts has ${names}.`);
  const found = findEnvironment('--environment', name, settings);
  if (typeof found === 'string') throw new WrongUse(found);
  return name;
}
