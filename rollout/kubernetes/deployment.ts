import type { DeploymentObservation } from '../observation.ts';
import type { Watched } from './collection.ts';
import { type Pod, serviceImage } from './pods.ts';

/** The part of a Deployment that is read. */
export interface Deployment extends Watched {
  readonly metadata: Watched['metadata'] & { readonly name: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: Pod['spec']['containers'] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** How a rollout sees a Deployment: the rules of `kubectl rollout status`. */
export function deploymentObservation({ metadata, spec, status }: Deployment): DeploymentObservation {
  const updated = status?.updatedReplicas ?? 0;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    image: serviceImage(spec.template.spec.containers, metadata.name),
    replicas: spec.replicas ?? 1,
    updated,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    settled: seen && (status?.replicas ?? 0) === updated,
    // What an earlier spec was told does not count against a newer one.
    failure: seen ? missedDeadline(status) : null,
  };
}

function missedDeadline(status: Deployment['status']): string | null {
  const condition = status?.conditions?.find(({ type, reason }) => {
    return type === 'Progressing' && reason === 'ProgressDeadlineExceeded';
  });
  if (condition === undefined) return null;
  return condition.message === undefined
    ? 'ProgressDeadlineExceeded'
    : `ProgressDeadlineExceeded: ${condition.message.replace(/\.$/, '')}`;
}
