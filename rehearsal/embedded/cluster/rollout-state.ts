import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { type DeploymentObservation, replicaSetsOf } from 'zerodrop/rollout';

/** Where a Deployment's rollout stands. */
export interface RolloutState {
  readonly deployment: DeploymentObservation;
  /** The controller has acted on the newest template. */
  readonly seen: boolean;
  readonly paused: boolean;
  /** Pods of every template. */
  readonly pods: number;
  /** Available pods of the newest template. */
  readonly updatedAvailable: number;
}

/**
 * Reads a rollout from the Deployment's own ReplicaSets.
 *
 * Its status would do on a real cluster; the embedded one has no `observedGeneration` that tells an old status from a new one,
 * and calls a rollout complete 4 ms after it began.
 */
export function rolloutState(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[]): RolloutState {
  const replicas = deployment.spec?.replicas ?? 1;
  const { newest, others } = replicaSetsOf(deployment, replicaSets);
  const own = newest === undefined ? others : [newest, ...others];
  const updated = newest?.status?.replicas ?? 0;
  const updatedAvailable = newest?.status?.availableReplicas ?? 0;
  return {
    deployment: {
      image: deployment.spec?.template.spec?.containers[0]?.image ?? '',
      replicaSet: newest?.metadata?.name ?? null,
      replicas,
      updated,
      ready: sum(own.map(({ status }) => status?.readyReplicas)),
      available: sum(own.map(({ status }) => status?.availableReplicas)),
      settled:
        newest?.spec?.replicas === replicas &&
        [updated, newest.status?.readyReplicas, updatedAvailable].every((count) => (count ?? 0) === replicas) &&
        others.every(({ spec, status }) => (spec?.replicas ?? 0) === 0 && (status?.replicas ?? 0) === 0),
      failure: failure(deployment, newest),
    },
    seen: newest !== undefined,
    paused: deployment.spec?.paused ?? false,
    pods: sum(own.map(({ status }) => status?.replicas)),
    updatedAvailable,
  };
}

/** The condition names its ReplicaSet: one about an older template is left over, and says nothing of this rollout. */
function failure({ status }: V1Deployment, newest: V1ReplicaSet | undefined): string | null {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const isAboutNewest = newest !== undefined && progressing?.message?.includes(`"${newest.metadata?.name}"`);
  return progressing?.reason === 'ProgressDeadlineExceeded' && isAboutNewest === true ? progressing.reason : null;
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}
