import type { EnvironmentSettings } from '../../settings/settings.ts';
import type { Rehearsed } from '../scratch/settings.ts';

/** What of the settings is the play's own on a real cluster. */
export interface Place {
  readonly namespace: string;
  readonly repository: string;
  /** The image repository. */
  readonly image: string;
  readonly expose: 'node-port' | 'load-balancer';
}

/** The rehearsed settings in a place of their own: all that the manifests name, so that nothing of a real environment is. */
export function inPlace({ name, environment, settings }: Rehearsed, place: Place): Rehearsed {
  const own: EnvironmentSettings = { ...exposedBy(environment, place.expose), namespace: place.namespace };
  const { repository, image } = place;
  return { name, environment: own, settings: { ...settings, repository, image, environments: { [name]: own } } };
}

/** The rehearsed settings behind another kind of Service. */
export function exposed({ name, environment, settings }: Rehearsed, exposure: Place['expose']): Rehearsed {
  const own = exposedBy(environment, exposure);
  return { name, environment: own, settings: { ...settings, environments: { [name]: own } } };
}

/** The environment behind another kind of Service. */
export function exposedBy(environment: EnvironmentSettings, exposure: Place['expose']): EnvironmentSettings {
  if (exposure === 'load-balancer') return { ...environment, exposure };
  // Local keeps a node without pods out of a load balancer. A node port has nobody who looks away from such a node.
  const { externalTrafficPolicy: _, ...kept } = environment;
  return { ...kept, exposure };
}
