import { at } from '../sync/fields.ts';
import type { Manifest } from '../sync/manifest.ts';

/** What is told of: the namespace of one environment, and what its manifests call the rest. */
export interface Scope {
  readonly namespace: string;
  readonly deployment: string | null;
  readonly service: string | null;
}

/** Finds the Deployment that is rolled out, and the Service that leads to its pods; any Service where there is none to lead to. */
export function scopeOf(namespace: string, manifests: readonly Manifest[]): Scope {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const service = services.find((one) => leadsTo(one, deployment)) ?? services[0];
  return { namespace, deployment: deployment?.metadata.name ?? null, service: service?.metadata.name ?? null };
}

function leadsTo(service: Manifest, deployment: Manifest | undefined): boolean {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const selector = Object.entries(at(service, 'spec', 'selector') ?? {});
  return selector.length > 0 && selector.every(([label, value]) => at(labels, label) === value);
}
