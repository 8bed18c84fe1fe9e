import type { UncheckedRollout } from '../workload/schema.ts';
import type { Reach } from './drain.ts';
import { shortestDrainSeconds, shortestGraceSeconds } from './drain.ts';
import { RolloutError } from './rollout-error.ts';
import { rolloutProblems } from './rollout-problems.ts';
import { slowestPodSeconds } from './rollout-time.ts';
import type { Percentage } from './surge.ts';
import { resolveSurge } from './surge.ts';

/** What an app says of its rollouts; an environment's settings are one of these. What is left out follows from the rest. */
export interface RolloutRequest extends Reach {
  readonly replicas: number;
  readonly maxSurge?: number | Percentage;
  readonly maxUnavailable?: number | Percentage;
  readonly minReadySeconds?: number;
  /** The longest that a process may take from its start to its first answer; 60 unless said. */
  readonly startupSeconds?: number;
  /** The longest that one request may take; 10 unless said. */
  readonly longestRequestSeconds?: number;
  readonly drainSeconds?: number;
  readonly terminationGracePeriodSeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly unchecked?: UncheckedRollout;
}

/** Every number of a rollout, resolved. */
export interface Rollout {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly minReadySeconds: number;
  readonly startupSeconds: number;
  readonly longestRequestSeconds: number;
  readonly drainSeconds: number;
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

function resolve(request: RolloutRequest): Rollout {
  const startupSeconds = request.startupSeconds ?? 60;
  const minReadySeconds = request.minReadySeconds ?? 5;
  const drainSeconds = request.drainSeconds ?? shortestDrainSeconds(request);
  const longestRequestSeconds = request.longestRequestSeconds ?? 10;
  const slowestPod = slowestPodSeconds({ startupSeconds, minReadySeconds });
  return {
    replicas: request.replicas,
    ...resolveSurge(request.maxSurge ?? 1, request.maxUnavailable ?? 0, request.replicas),
    minReadySeconds,
    startupSeconds,
    longestRequestSeconds,
    drainSeconds,
    terminationGracePeriodSeconds:
      request.terminationGracePeriodSeconds ?? shortestGraceSeconds(drainSeconds, longestRequestSeconds),
    progressDeadlineSeconds:
      request.progressDeadlineSeconds ?? Math.max(usualDeadlineSeconds, Math.ceil(slowestPod) + schedulingSeconds),
    probes: request.unchecked?.probes ?? 'all',
    unchecked: request.unchecked?.because ?? null,
  };
}

/** The rollout that an app's request comes to. Throws a {@link RolloutError} where its arithmetic does not hold. */
export function rollout(request: RolloutRequest): Rollout {
  // What is past the checks stands in the place of what it replaces.
  const resolved = resolve({ ...request, ...request.unchecked });
  const problems = [...rolloutProblems(request, resolved)];
  if (problems.length > 0) throw new RolloutError(problems);
  return resolved;
}
