import {
  type Rollout,
  type RolloutRequest,
  shortestDrainSeconds,
  shortestGraceSeconds,
  slowestPodSeconds,
} from './arithmetic.ts';
import { RolloutError, rolloutProblems } from './problems.ts';

// Two minutes: Kubernetes' own ten are longer than anyone watches. A slow app gets its own time, and some to be
// scheduled and to have its image pulled.
const usualDeadlineSeconds = 120;
const schedulingSeconds = 30;
/** What an init container or a sidecar may take before the next container starts, unless said. */
export const usualBeforeSeconds = 30;
/** What a sidecar may take to end, unless said: the kubelet gives it SIGTERM only when the service has ended. */
const usualStopSeconds = 5;

function resolve(request: RolloutRequest): Rollout {
  const { autoscale, initContainers = [], sidecars = [], preStop } = request;
  const replicas = request.replicas ?? null;
  const startupSeconds = request.startupSeconds ?? 60;
  const minReadySeconds = request.minReadySeconds ?? 5;
  const hook = typeof preStop === 'object' ? preStop.seconds : undefined;
  const drainSeconds = request.drainSeconds ?? hook ?? shortestDrainSeconds(request);
  const longestSeconds = request.longestJobSeconds ?? request.longestRequestSeconds ?? 10;
  const sidecarSeconds = sum(sidecars.map(({ stopSeconds }) => stopSeconds ?? usualStopSeconds));
  const beforeSeconds =
    sum(initContainers.map(({ seconds }) => seconds ?? usualBeforeSeconds)) +
    sum(sidecars.map((sidecar) => sidecar.startupSeconds ?? usualBeforeSeconds));
  const slowestPod = slowestPodSeconds({ startupSeconds, minReadySeconds, beforeSeconds });
  return {
    replicas,
    pods: [autoscale?.min ?? replicas ?? 1, autoscale?.max ?? replicas ?? 1],
    maxSurge: request.maxSurge ?? 1,
    maxUnavailable: request.maxUnavailable ?? 0,
    minReadySeconds,
    startupSeconds,
    longestSeconds,
    drainSeconds,
    sidecarSeconds,
    beforeSeconds,
    terminationGracePeriodSeconds:
      request.terminationGracePeriodSeconds ?? shortestGraceSeconds(drainSeconds, longestSeconds, sidecarSeconds),
    progressDeadlineSeconds:
      request.progressDeadlineSeconds ?? Math.max(usualDeadlineSeconds, Math.ceil(slowestPod) + schedulingSeconds),
    probes: request.unchecked?.probes ?? 'all',
    unchecked: request.unchecked?.because ?? null,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The rollout that a service's request comes to. Throws a {@link RolloutError} where its arithmetic does not hold. */
export function rollout(request: RolloutRequest): Rollout {
  // What is past the checks stands in the place of what it replaces.
  const resolved = resolve({ ...request, ...request.unchecked });
  const problems = [...rolloutProblems(request, resolved)];
  if (problems.length > 0) throw new RolloutError(problems);
  return resolved;
}
