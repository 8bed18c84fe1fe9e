import { type Percentage, resolveSurge } from '../../../apps/lossless/surge.ts';
import type { ManifestObject } from '../documents.ts';
import { field, numberField } from '../field.ts';
import { isDaemonSet, isDeployment, isStatefulSet } from '../kinds.ts';
import type { Complaint, ObjectRule } from '../rule.ts';

/** A rollout may never take a pod away before its successor serves: what is left would carry the whole load. */
export const maxUnavailable: ObjectRule = ({ after }) => {
  if (isDeployment(after)) return ofDeployment(after);
  return isStatefulSet(after) || isDaemonSet(after) ? ofTheOthers(after) : null;
};

function ofDeployment({ document }: ManifestObject): Complaint | null {
  const strategy = field(document, 'spec', 'strategy');
  if (field(strategy, 'type') === 'Recreate') {
    const says =
      'has the strategy Recreate. It ends every pod before it starts the first new one: use RollingUpdate with maxUnavailable 0';
    return { says, at: ['spec', 'strategy', 'type'] };
  }
  const replicas = numberField(document, 1, 'spec', 'replicas');
  const surge = podsOrShare(field(strategy, 'rollingUpdate', 'maxSurge'));
  const unavailable = podsOrShare(field(strategy, 'rollingUpdate', 'maxUnavailable'));
  const missing = resolveSurge(surge, unavailable, replicas).maxUnavailable;
  if (missing === 0) return null;
  const says = `lets a rollout take away ${missing} of ${replicas} pods before others serve (maxUnavailable ${unavailable}, maxSurge ${surge}). The rest may be too few: set maxUnavailable to 0 and maxSurge to 1 or more`;
  return { says, at: ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable'] };
}

/** These replace a pod in its place, so one is always missing for a while. More than one at a time is a choice. */
function ofTheOthers({ document, kind }: ManifestObject): Complaint | null {
  const update = ['spec', 'updateStrategy', 'rollingUpdate'];
  const unavailable = field(document, ...update, 'maxUnavailable');
  if (unavailable === undefined || unavailable === 0 || unavailable === 1) return null;
  const says = `lets a rollout take away ${String(unavailable)} of its pods at a time. A ${kind} replaces pods in their place, and the rest may be too few: set maxUnavailable to 1`;
  return { says, at: [...update, 'maxUnavailable'] };
}

/** A quarter is what Kubernetes takes where nothing is said. */
function podsOrShare(value: unknown): number | Percentage {
  if (typeof value === 'number') return value;
  return isPercentage(value) ? value : '25%';
}

function isPercentage(value: unknown): value is Percentage {
  return typeof value === 'string' && /^\d+%$/.test(value);
}
