import { type Percentage, resolveSurge } from '../../apps/lossless/surge.ts';
import { field, numberField } from './field.ts';
import { isDeployment } from './kinds.ts';
import type { Rule } from './rule.ts';

/** A rollout may never take a pod away before its successor serves: what is left would carry the whole load. */
export const maxUnavailable: Rule = ({ after }) => {
  if (!isDeployment(after)) return null;
  const strategy = field(after.document, 'spec', 'strategy');
  if (field(strategy, 'type') === 'Recreate') {
    return 'has the strategy Recreate. It ends every pod before it starts the first new one: use RollingUpdate with maxUnavailable 0';
  }
  const replicas = numberField(after.document, 1, 'spec', 'replicas');
  const surge = podsOrShare(field(strategy, 'rollingUpdate', 'maxSurge'));
  const unavailable = podsOrShare(field(strategy, 'rollingUpdate', 'maxUnavailable'));
  const missing = resolveSurge(surge, unavailable, replicas).maxUnavailable;
  if (missing === 0) return null;
  return `lets a rollout take away ${missing} of ${replicas} pods before others serve (maxUnavailable ${unavailable}, maxSurge ${surge}). The rest may be too few: set maxUnavailable to 0 and maxSurge to 1 or more`;
};

/** A quarter is what Kubernetes takes where nothing is said. */
function podsOrShare(value: unknown): number | Percentage {
  if (typeof value === 'number') return value;
  return isPercentage(value) ? value : '25%';
}

function isPercentage(value: unknown): value is Percentage {
  return typeof value === 'string' && /^\d+%$/.test(value);
}
