import { nameOf } from '../change.ts';
import type { ManifestObject } from '../documents.ts';
import { field } from '../field.ts';
import { isAutoscaler, isDisruptionBudget, isWorkload } from '../kinds.ts';
import { podLabels, selects } from '../pods.ts';
import type { ObjectRule } from '../rule.ts';
import { fewestPods } from './scaling.ts';

const cost =
  'No pod of it may ever be moved: a node that is drained waits, GKE for an hour, and then ends all of its pods at once';

/** A budget that lets no pod go protects nothing: it turns an upgrade of the nodes into an outage. */
export const disruptionsBlocked: ObjectRule = ({ after }, folder) => {
  if (isDisruptionBudget(after)) {
    const keeps = blockedBy(after, folder.after);
    if (keeps === null) return null;
    return { says: `${keeps.says}. ${cost}: allow one with maxUnavailable: 1`, at: ['spec', keeps.field] };
  }
  if (!isWorkload(after) && !isAutoscaler(after)) return null;
  // Fewer pods than before may be what makes a budget that is not touched block.
  const blocking = folder.after
    .filter(isDisruptionBudget)
    .find((budget) => blockedBy(budget, folder.after) !== null && blockedBy(budget, folder.before) === null);
  if (blocking === undefined || folder.changes.some((change) => change.after === blocking)) return null;
  const says = `asks for as few pods as ${nameOf(blocking)} keeps. ${cost}: keep more, or lower the budget`;
  return { says, at: ['spec', isAutoscaler(after) ? 'minReplicas' : 'replicas'] };
};

interface Keeps {
  readonly field: 'maxUnavailable' | 'minAvailable';
  readonly says: string;
}

/** What of a budget lets no pod go; null where it lets one. */
function blockedBy({ document }: ManifestObject, neighbours: readonly ManifestObject[]): Keeps | null {
  const [unavailable, available] = [field(document, 'spec', 'maxUnavailable'), field(document, 'spec', 'minAvailable')];
  if (unavailable === 0 || unavailable === '0%') {
    return { field: 'maxUnavailable', says: `has maxUnavailable ${unavailable}` };
  }
  if (available === '100%') return { field: 'minAvailable', says: 'has minAvailable 100%' };
  const kept = neighbours.filter(isWorkload).filter((workload) => {
    return workload.kind !== 'DaemonSet' && selects(field(document, 'spec', 'selector'), podLabels(workload));
  });
  if (available === undefined || kept.length === 0) return null;
  const pods = kept.reduce((sum, workload) => sum + fewestPods(workload, neighbours), 0);
  return podsOf(available, pods) < pods
    ? null
    : { field: 'minAvailable', says: `keeps ${String(available)} of ${pods} pods` };
}

/** A share of pods is rounded up (kubernetes/pkg/controller/disruption/disruption.go). */
function podsOf(value: unknown, pods: number): number {
  if (typeof value === 'number') return value;
  return Math.ceil((Number.parseFloat(String(value)) * pods) / 100);
}
