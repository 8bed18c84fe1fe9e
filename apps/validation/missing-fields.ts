type FieldType = 'boolean' | 'string' | 'object';

/**
 * Fields that today's API servers know and the published schemas do not, by kind and path without indexes, with their type:
 * newer than the schemas (Kubernetes 1.27, Argo CD 2.14), or called `description`, which was lost when they were made.
 */
const missingFields: ReadonlyMap<string, FieldType> = new Map([
  ['Application spec.syncPolicy.retry.refresh', 'boolean'],
  ['Application spec.syncPolicy.automated.enabled', 'boolean'],
  ['AppProject spec.description', 'string'],
  ['AppProject spec.clusterResourceWhitelist[].name', 'string'],
  ['Deployment spec.template.spec.containers[].lifecycle.preStop.sleep', 'object'],
]);

/** The type of a field that its schema misses; null for one that nobody knows. */
export function missingFieldType(kind: string, path: string): FieldType | null {
  return missingFields.get(`${kind} ${path.replaceAll(/\[\d+\]/g, '[]')}`) ?? null;
}
