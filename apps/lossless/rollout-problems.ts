import { says } from '../../settings/value.ts';
import { shortestDrainSeconds, shortestGraceSeconds } from './drain.ts';
import { slowestPodSeconds } from './rollout-time.ts';
import type { Rollout, RolloutRequest } from './rollout.ts';

/**
 * What does not hold in a rollout, a sentence each. Values under `unchecked` pass, but for those that Kubernetes itself
 * would refuse or kill.
 */
export function* rolloutProblems(request: RolloutRequest, resolved: Rollout): Generator<string> {
  const numbers = [...numberProblems(request)];
  yield* numbers;
  // Of numbers that are none, no arithmetic can be held against the others.
  if (numbers.length > 0) return;
  if (resolved.replicas < 2) {
    yield `replicas is ${resolved.replicas}, but a rollout without loss needs at least 2. Set it to 2 or more.`;
  }
  yield* surgeProblems(request, resolved);
  const drain = shortestDrainSeconds(request);
  if (resolved.drainSeconds < drain && request.unchecked?.drainSeconds === undefined) {
    yield `drainSeconds is ${resolved.drainSeconds}, but with exposure ${request.exposure} requests reach a stopping pod for up to ${drain} s. Set it to ${drain} or more, or leave it out.`;
  }
  const grace = shortestGraceSeconds(resolved.drainSeconds, resolved.longestRequestSeconds);
  if (resolved.terminationGracePeriodSeconds < grace) {
    yield `terminationGracePeriodSeconds is ${resolved.terminationGracePeriodSeconds}, but a drain of ${resolved.drainSeconds} s, a request of ${resolved.longestRequestSeconds} s and 5 s to spare need ${grace}. Set it to ${grace} or more, or leave it out.`;
  }
  const slowestPod = slowestPodSeconds(resolved);
  if (resolved.progressDeadlineSeconds <= slowestPod) {
    yield `progressDeadlineSeconds is ${resolved.progressDeadlineSeconds}, but a good pod may take ${slowestPod} s to become available. Set it above ${slowestPod}, or leave it out.`;
  }
}

/** The least of each number, and whether Kubernetes takes it in whole ones only. */
const bounds = {
  replicas: { least: 0, isWhole: true },
  minReadySeconds: { least: 0, isWhole: true },
  startupSeconds: { least: 1, isWhole: true },
  longestRequestSeconds: { least: 0, isWhole: false },
  drainSeconds: { least: 0, isWhole: false },
  endpointLagSeconds: { least: 0, isWhole: false },
  terminationGracePeriodSeconds: { least: 1, isWhole: true },
  progressDeadlineSeconds: { least: 1, isWhole: true },
} as const;

function* numberProblems(request: RolloutRequest): Generator<string> {
  for (const [name, { least, isWhole }] of Object.entries(bounds)) {
    const value: unknown = Object.entries(request).find(([key]) => key === name)?.[1];
    if (value === undefined) continue;
    const isNumber = isWhole ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (isNumber && Number(value) >= least) continue;
    yield `${name} ${says(value)}. Set it to a ${isWhole ? 'whole ' : ''}number of ${least} or more.`;
  }
}

function* surgeProblems(request: RolloutRequest, resolved: Rollout): Generator<string> {
  const surge = request.unchecked?.maxSurge ?? request.maxSurge ?? 1;
  const unavailable = request.unchecked?.maxUnavailable ?? request.maxUnavailable ?? 0;
  if (surge === 0 && unavailable === 0) {
    yield 'maxSurge and maxUnavailable are both 0, so that no pod could ever be replaced, and Kubernetes refuses it. Set maxSurge to 1 or more.';
  } else if (resolved.maxUnavailable > 0 && request.unchecked?.maxUnavailable === undefined) {
    yield `maxUnavailable is ${unavailable} and maxSurge ${surge}, which lets ${resolved.maxUnavailable} of ${resolved.replicas} pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.`;
  }
}
