// The watch of a rollout: where one is on a real cluster, and when it is complete. See the package's README.md.
export { UsageError } from '../errors.ts';
export { ApiError, type Cluster, connect, isNotFound, read } from './kubernetes/api.ts';
export { type Deployment, deploymentObservation } from './kubernetes/pods.ts';
export { explain } from './kubernetes/explain.ts';
export {
  type Application,
  applicationObservation,
  applicationsPath,
  askForRefresh,
  type Followed,
  labelSelector,
  podsPath,
} from './kubernetes/objects.ts';
export { observeRollout } from './kubernetes/observe.ts';
export { type Pod, podObservation } from './kubernetes/pods.ts';
export { appliedSince, lookAgainMs, makePatience, type Patience } from './patience.ts';
export {
  type ApplicationObservation,
  type Awaited,
  type DeploymentObservation,
  type HealthStatus,
  isComplete,
  isLastOldPodGone,
  makeWatch,
  type Observation,
  type Observe,
  type Observed,
  type PodObservation,
  type PodState,
  type RolloutState,
  type Watch,
} from './watch.ts';
