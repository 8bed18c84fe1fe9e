import { nearest } from './sentences.ts';
import type { Cluster, Environment, Service, Settings } from './settings.ts';

/** An environment of the settings by the name that an option gives; or a sentence with those that it may name, for any other. */
export function findEnvironment(
  option: string,
  name: string,
  { environments }: Pick<Settings, 'environments'>,
): Environment | string {
  return environments.find((one) => one.name === name) ?? unknown(option, name, environments);
}

/** A service of the settings by the name that `--service` gives, the only one for undefined; or a sentence for any other. */
export function findService(name: string | undefined, { services }: Pick<Settings, 'services'>): Service | string {
  const [only] = services;
  if (name === undefined && only !== undefined && services.length === 1) return only;
  return services.find((one) => one.name === name) ?? unknown('--service', name, services);
}

function unknown(option: string, name: string | undefined, entries: readonly { readonly name: string }[]): string {
  const names = entries.map((one) => one.name);
  const known = `but settings.ts has ${names.join(', ')}.`;
  if (name === undefined) return `${option} is missing, ${known}`;
  const near = nearest(name, names);
  return `${option} is ${JSON.stringify(name)}, ${known}${near === null ? '' : ` Did you mean ${near}?`}`;
}

/** A cluster of the settings by the name that `--cluster` gives, the only one for undefined; or a sentence for any other. */
export function findCluster(name: string | undefined, { clusters }: Pick<Settings, 'clusters'>): Cluster | string {
  const [only] = clusters;
  if (name === undefined && only !== undefined && clusters.length === 1) return only;
  return clusters.find((one) => one.name === name) ?? unknown('--cluster', name, clusters);
}
