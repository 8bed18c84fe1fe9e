import type { ApplicationObservation, DeploymentObservation } from './observation.ts';
import type { RolloutState } from './watch.ts';

/** What is waited for: a commit, and the image that it brings. */
export interface Awaited {
  readonly commit: string;
  /** Null for whichever the Deployment has, once Argo CD has synced the commit. */
  readonly image: string | null;
  /** The one object that is looked at; both the Application and the Deployment unless said. */
  readonly only?: 'application' | 'deployment' | undefined;
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
  const isApplied = awaited.only === 'deployment' || (application !== null && isSettled(application, awaited));
  return isApplied && (awaited.only === 'application' || (deployment !== null && isReplaced(deployment, awaited)));
}

function isSettled(application: ApplicationObservation, { commit }: Awaited): boolean {
  return (
    application.sync === 'Synced' &&
    application.revision === commit &&
    application.health === 'Healthy' &&
    !application.pending &&
    application.phase !== 'Running' &&
    !application.conditions.some(({ type }) => type.endsWith('Error'))
  );
}

/** No pod of another image is left, not even one that is still draining. */
export function isLastOldPodGone({ pods }: RolloutState, { image }: Awaited): boolean {
  return pods.every((pod) => isImage(pod, { image }) && pod.state !== 'terminating');
}

/** Whether a Deployment or a pod has the image that is waited for. */
export function isImage({ image }: { readonly image: string }, awaited: Pick<Awaited, 'image'>): boolean {
  return awaited.image === null || image === awaited.image;
}

function isReplaced(deployment: DeploymentObservation, awaited: Awaited): boolean {
  const { replicas, updated, ready, available } = deployment;
  return isImage(deployment, awaited) && deployment.settled && [updated, ready, available].every((n) => n === replicas);
}
