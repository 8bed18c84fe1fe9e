import type { ManifestObject } from '../documents.ts';
import { field, numberField } from '../field.ts';
import { isAutoscaler } from '../kinds.ts';

/** The autoscaler that decides how many pods a workload has; undefined where none does. */
export function autoscalerOf(
  { kind, name }: ManifestObject,
  neighbours: readonly ManifestObject[],
): ManifestObject | undefined {
  return neighbours.filter(isAutoscaler).find(({ document }) => {
    const target = field(document, 'spec', 'scaleTargetRef');
    return field(target, 'kind') === kind && field(target, 'name') === name;
  });
}

/** The fewest pods that a workload runs with. Where nothing is said, both kinds take 1. */
export function fewestPods(workload: ManifestObject, neighbours: readonly ManifestObject[]): number {
  const autoscaler = autoscalerOf(workload, neighbours);
  return autoscaler === undefined
    ? numberField(workload.document, 1, 'spec', 'replicas')
    : numberField(autoscaler.document, 1, 'spec', 'minReplicas');
}
