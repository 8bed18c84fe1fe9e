import type { Environment, Settings } from './settings.ts';

/** An environment of the settings by the name that an option gives; or a sentence with those that it may name, for any other. */
export function findEnvironment(
  option: string,
  name: string,
  { environments }: Pick<Settings, 'environments'>,
): Environment | string {
  const known = environments.map((one) => one.name).join(', ');
  return (
    environments.find((one) => one.name === name) ??
    `${option} is ${JSON.stringify(name)}, but settings.ts has ${known}.`
  );
}
