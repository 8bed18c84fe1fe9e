import type { Environment, Service, Settings } from './settings.ts';

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

/** A service of the settings by the name that `--service` gives, the only one for undefined; or a sentence for any other. */
export function findService(name: string | undefined, { services }: Pick<Settings, 'services'>): Service | string {
  const [only] = services;
  if (name === undefined && only !== undefined && services.length === 1) return only;
  const what = name === undefined ? 'is missing' : `is ${JSON.stringify(name)}`;
  const known = services.map((one) => one.name).join(', ');
  return services.find((one) => one.name === name) ?? `--service ${what}, but settings.ts has ${known}.`;
}
