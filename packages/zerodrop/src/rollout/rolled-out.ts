import type { DeploymentObservation } from './observation.ts';
import type { RolloutState } from './watch.ts';

/** What is waited for: a commit, and the image that it brings. */
export interface Awaited {
  readonly commit: string;
  readonly image: string;
}

/** Argo CD has compared the cluster with this commit and found no difference left. */
export function isSynced({ application }: RolloutState, { commit }: Awaited): boolean {
  return application?.sync === 'Synced' && application.revision === commit;
}

/**
 * The rollout is complete: every replica is new and available.
 *
 * Healthy alone is not enough, nor is Succeeded: both occur early, about the commit before. Measured on Argo CD 3.6.1.
 */
export function isComplete(state: RolloutState, awaited: Awaited): boolean {
  const { application, deployment } = state;
  return (
    application !== null &&
    deployment !== null &&
    isSynced(state, awaited) &&
    application.health === 'Healthy' &&
    !application.pending &&
    application.phase !== 'Running' &&
    !application.conditions.some(({ type }) => type.endsWith('Error')) &&
    isReplaced(deployment, awaited.image)
  );
}

/** No pod of another image is left, not even one that is still draining. */
export function isLastOldPodGone({ pods }: RolloutState, { image }: Awaited): boolean {
  return pods.every((pod) => pod.image === image && pod.state !== 'terminating');
}

function isReplaced(deployment: DeploymentObservation, image: string): boolean {
  const { replicas, updated, ready, available } = deployment;
  return deployment.image === image && deployment.settled && [updated, ready, available].every((n) => n === replicas);
}
