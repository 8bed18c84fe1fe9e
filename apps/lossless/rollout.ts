import type { Autoscale, InitContainer, Sidecar } from '../workload/parts.ts';
import type { UncheckedRollout, WebWorkload } from '../workload/schema.ts';
import {
  type Percentage,
  type Reach,
  shortestDrainSeconds,
  shortestGraceSeconds,
  slowestPodSeconds,
} from './arithmetic.ts';
import { RolloutError, rolloutProblems } from './problems.ts';

/** What a service says of its rollouts. What is left out follows from the rest. */
export interface RolloutRequest extends Reach {
  /** Left out where only the autoscaler chooses. */
  readonly replicas?: number;
  readonly autoscale?: Autoscale;
  readonly maxSurge?: number | Percentage;
  readonly maxUnavailable?: number | Percentage;
  readonly minReadySeconds?: number;
  /** The longest that a process may take from its start to its first answer; 60 unless said. */
  readonly startupSeconds?: number;
  /** The longest that one request may take; 10 unless said. */
  readonly longestRequestSeconds?: number;
  /** Of a worker: the longest that it needs to end. */
  readonly longestJobSeconds?: number;
  readonly preStop?: WebWorkload['preStop'];
  readonly initContainers?: readonly Pick<InitContainer, 'seconds'>[];
  readonly sidecars?: readonly Pick<Sidecar, 'startupSeconds' | 'stopSeconds'>[];
  readonly drainSeconds?: number;
  readonly terminationGracePeriodSeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly unchecked?: UncheckedRollout;
}

/** Every number of a rollout, resolved. */
export interface Rollout {
  /** What the Deployment says; null where it leaves that to the autoscaler. */
  readonly replicas: number | null;
  /** The fewest and the most pods that there may be. */
  readonly pods: readonly [least: number, most: number];
  readonly maxSurge: number | Percentage;
  readonly maxUnavailable: number | Percentage;
  readonly minReadySeconds: number;
  readonly startupSeconds: number;
  /** The longest request or job. */
  readonly longestSeconds: number;
  readonly drainSeconds: number;
  /** What the sidecars take to end, one after the other. */
  readonly sidecarSeconds: number;
  /** What runs before the service starts. */
  readonly beforeSeconds: number;
  readonly terminationGracePeriodSeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly probes: 'all' | 'liveness-only';
  /** Why some of these values are past every check; null where none is. */
  readonly unchecked: string | null;
}

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
