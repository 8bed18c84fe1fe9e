/**
 * Fields that today's API servers know and the published schemas (Kubernetes 1.27, Argo CD 2.14) do not yet, by kind and
 * path without indexes, with the type that they have.
 */
const newerFields: ReadonlyMap<string, 'boolean' | 'string' | 'object'> = new Map([
  ['Application spec.syncPolicy.retry.refresh', 'boolean'],
  ['Application spec.syncPolicy.automated.enabled', 'boolean'],
  ['AppProject spec.clusterResourceWhitelist[].name', 'string'],
  ['Deployment spec.template.spec.containers[].lifecycle.preStop.sleep', 'object'],
]);

/** The type of a field that is newer than the schemas; null for one that is simply unknown. */
export function newerFieldType(kind: string, path: string): 'boolean' | 'string' | 'object' | null {
  return newerFields.get(`${kind} ${path.replaceAll(/\[\d+\]/g, '[]')}`) ?? null;
}
