import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { PodObservation, PodState } from 'zerodrop/rollout';

/** What a pod's object says about it. */
export function podObservation(pod: V1Pod): PodObservation {
  return {
    name: pod.metadata?.name ?? '',
    replicaSet: pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name ?? '',
    image: pod.spec?.containers[0]?.image ?? '',
    state: podState(pod),
  };
}

/** The state of a pod, as its phase, conditions and containers add up to it. */
export function podState({ metadata, status }: V1Pod): PodState {
  if (metadata?.deletionTimestamp !== undefined) return 'terminating';
  const containers = status?.containerStatuses ?? [];
  if (status?.phase === 'Failed' || containers.some(hasFailed)) return 'failed';
  if (status?.conditions?.some(({ type, status: met }) => type === 'Ready' && met === 'True')) return 'ready';
  return containers.some(({ state }) => state?.running !== undefined) ? 'starting' : 'pending';
}

/** Why a container waits when it is only on its way; any other reason, such as ErrImagePull, is a failure. */
const onItsWay = new Set(['ContainerCreating', 'PodInitializing']);

function hasFailed({ state }: V1ContainerStatus): boolean {
  const waiting = state?.waiting?.reason;
  if (waiting !== undefined && !onItsWay.has(waiting)) return true;
  return state?.terminated !== undefined && state.terminated.exitCode !== 0;
}
