import type { UncheckedRollout } from '../../settings/settings.ts';
import type { Path } from './drain.ts';
import { shortestDrainSeconds, shortestGraceSeconds } from './drain.ts';
import { podBoundMs, podTiming } from './rollout-time.ts';
import type { Percentage } from './surge.ts';
import { resolveSurge } from './surge.ts';

/** What an app says of its rollouts; an environment's settings are one of these. What is left out follows from the rest. */
export interface RolloutRequest extends Path {
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

/** Rollout values that would lose requests or never end: one sentence each. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

// Two minutes are Kubernetes' ten cut to what a person waits; the rest is room for scheduling and for pulling the image.
const usualDeadlineSeconds = 120;
const schedulingSeconds = 30;

/** The time in which a pod that starts as slowly as it may becomes available. */
function slowestPodSeconds(pod: Pick<Rollout, 'minReadySeconds' | 'startupSeconds'>): number {
  return podBoundMs(podTiming({ ...pod, probes: 'all' }, pod.startupSeconds * 1_000)) / 1_000;
}

function resolve(request: RolloutRequest): Rollout {
  const unchecked = request.unchecked;
  const startupSeconds = request.startupSeconds ?? 60;
  const minReadySeconds = unchecked?.minReadySeconds ?? request.minReadySeconds ?? 5;
  const drainSeconds = unchecked?.drainSeconds ?? request.drainSeconds ?? shortestDrainSeconds(request);
  const longestRequestSeconds = request.longestRequestSeconds ?? 10;
  const deadline = Math.max(
    usualDeadlineSeconds,
    slowestPodSeconds({ startupSeconds, minReadySeconds }) + schedulingSeconds,
  );
  return {
    replicas: request.replicas,
    ...resolveSurge(
      unchecked?.maxSurge ?? request.maxSurge ?? 1,
      unchecked?.maxUnavailable ?? request.maxUnavailable ?? 0,
      request.replicas,
    ),
    minReadySeconds,
    startupSeconds,
    longestRequestSeconds,
    drainSeconds,
    terminationGracePeriodSeconds:
      request.terminationGracePeriodSeconds ?? shortestGraceSeconds(drainSeconds, longestRequestSeconds),
    progressDeadlineSeconds: request.progressDeadlineSeconds ?? deadline,
    probes: unchecked?.probes ?? 'all',
    unchecked: unchecked?.because ?? null,
  };
}

/** The rollout that an app's request comes to. Throws a {@link RolloutError} where its arithmetic does not hold. */
export function rollout(request: RolloutRequest): Rollout {
  const resolved = resolve(request);
  const problems = [...rolloutProblems(request, resolved)];
  if (problems.length > 0) throw new RolloutError(problems);
  return resolved;
}

function* rolloutProblems(request: RolloutRequest, resolved: Rollout): Generator<string> {
  const unchecked = request.unchecked;
  const surge = unchecked?.maxSurge ?? request.maxSurge ?? 1;
  const unavailable = unchecked?.maxUnavailable ?? request.maxUnavailable ?? 0;
  if (surge === 0 && unavailable === 0) {
    yield 'maxSurge and maxUnavailable are both 0, so no pod could ever be replaced, and Kubernetes refuses it. Set maxSurge to 1 or more.';
  } else if (resolved.maxUnavailable > 0 && unchecked?.maxUnavailable === undefined) {
    yield `maxUnavailable is ${unavailable} with maxSurge ${surge}, so ${resolved.maxUnavailable} of ${resolved.replicas} pods would stop before their successors serve. Set it to 0, or say why under unchecked.`;
  }
  const shortestDrain = shortestDrainSeconds(request);
  if (resolved.drainSeconds < shortestDrain && unchecked?.drainSeconds === undefined) {
    yield `drainSeconds is ${resolved.drainSeconds}, but requests by ${request.exposure} reach a stopping pod for up to ${shortestDrain} s. Set it to ${shortestDrain} or more, or leave it out.`;
  }
  const shortestGrace = shortestGraceSeconds(resolved.drainSeconds, resolved.longestRequestSeconds);
  if (resolved.terminationGracePeriodSeconds < shortestGrace) {
    yield `terminationGracePeriodSeconds is ${resolved.terminationGracePeriodSeconds}, but draining (${resolved.drainSeconds} s), the longest request (${resolved.longestRequestSeconds} s) and 5 s of slack need ${shortestGrace}. Set it to ${shortestGrace} or more, or leave it out.`;
  }
  const slowestPod = slowestPodSeconds(resolved);
  if (resolved.progressDeadlineSeconds <= slowestPod) {
    yield `progressDeadlineSeconds is ${resolved.progressDeadlineSeconds}, but a good pod may take ${slowestPod} s to become available. Set it above ${slowestPod}, or leave it out.`;
  }
}
