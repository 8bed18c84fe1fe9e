import { type Cluster, read } from 'zerodrop/rollout';

/** A document of a manifest, as far as its place in the API goes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Asks the API server where it keeps an object. Throws a sentence where it does not know the kind. */
export async function objectPath(cluster: Cluster, { apiVersion, kind, metadata }: Manifest): Promise<string> {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await read<ResourceList>(cluster, base);
  // A subresource such as deployments/scale has a kind of its own, which may be this one's.
  const resource = resources.find((known) => known.kind === kind && !known.name.includes('/'));
  if (resource === undefined) throw new Error(`The API server does not know the kind ${kind} of ${apiVersion}.`);
  const within = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${base}${within}/${resource.name}/${metadata.name}`;
}
