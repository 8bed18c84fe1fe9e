import type { EnvironmentSettings, Settings } from './settings.ts';

/** An environment of the settings by the name that an option gives; or a sentence with those that it may name, for any other. */
export function findEnvironment(
  option: string,
  name: string,
  { environments }: Pick<Settings, 'environments'>,
): EnvironmentSettings | string {
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  return found ?? `${option} is ${JSON.stringify(name)}, but settings.ts has ${Object.keys(environments).join(', ')}.`;
}
