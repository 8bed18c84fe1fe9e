import { groupKindOf, isMadeByControllers } from '../../../rollout/kubernetes/made-kinds.ts';
import type { ObjectRule } from '../rule.ts';

/**
 * A project permits ReplicaSets and pods, because Argo CD would hide them otherwise. So it is not Argo CD that keeps git from
 * bringing one: it would apply it.
 */
export const madeByControllers: ObjectRule = ({ after }) => {
  if (after === null || !isMadeByControllers(groupKindOf(after.apiVersion, after.kind))) return null;
  const says = `is of a kind that only the controllers of Kubernetes make. No release and no rollback replaces a ${after.kind} that git brings, and a Service that finds it sends it requests: commit the object that it is made of, such as a Deployment`;
  return { says, at: ['kind'] };
};
