// The watch of a rollout: where one stands on a real cluster, and when it is complete. See the package's README.md.
export { UsageError } from '../errors.ts';
export { appliedSince } from './failures.ts';
export { ApiError, type Cluster, connect, isNotFound, read } from './kubernetes/api.ts';
export { type Application, applicationObservation, askForRefresh } from './kubernetes/application.ts';
export { type Deployment, deploymentObservation } from './kubernetes/deployment.ts';
export { explain } from './kubernetes/explain.ts';
export { applicationsPath, type Followed, labelSelector, podsPath } from './kubernetes/objects.ts';
export { observeRollout } from './kubernetes/observe.ts';
export { type Pod, podObservation } from './kubernetes/pods.ts';
export type {
  ApplicationObservation,
  DeploymentObservation,
  HealthStatus,
  Observation,
  Observe,
  Observed,
  PodObservation,
  PodState,
} from './observation.ts';
export { lookAgainMs, makePatience, type Patience } from './patience.ts';
export { type Awaited, isComplete, isLastOldPodGone } from './rolled-out.ts';
export { makeWatch, type RolloutState, type Watch } from './watch.ts';
