import type { ApplicationObservation, DeploymentObservation, Observation, PodObservation } from './observation.ts';

/** What was last seen of everything that a rollout is judged by. */
export interface Standing {
  readonly application: ApplicationObservation | null;
  readonly deployment: DeploymentObservation | null;
  readonly pods: readonly PodObservation[];
}

export const nothingSeen: Standing = { application: null, deployment: null, pods: [] };

/** The standing after one more observation. */
export function observe(standing: Standing, seen: Observation): Standing {
  switch (seen.kind) {
    case 'application':
      return { ...standing, application: seen };
    case 'deployment':
      return { ...standing, deployment: seen };
    case 'pods':
      return { ...standing, pods: seen.pods };
    default:
      return standing;
  }
}
