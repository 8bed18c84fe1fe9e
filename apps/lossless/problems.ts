import type { k8s } from 'cdk8s-plus-28';
import { says, SettingsError } from '../../settings/sentences.ts';
import { amountFault, quantityFault } from '../validation/grammar.ts';
import type { Workload } from '../workload/schema.ts';
import {
  balancerSeconds,
  drainingSeconds,
  longestDrainingSeconds,
  type Rollout,
  type RolloutRequest,
  resolveSurge,
  shortestDrainSeconds,
  shortestGraceSeconds,
  slowestPodSeconds,
} from './arithmetic.ts';

/**
 * What does not hold in a rollout, a sentence each. Values under `unchecked` pass, but for those that Kubernetes itself
 * would refuse or kill.
 */
function* rolloutProblems(request: RolloutRequest, resolved: Rollout): Generator<string> {
  const numbers = [...numberProblems(request)];
  yield* numbers;
  // Of numbers that are none, no arithmetic can be held against the others.
  if (numbers.length > 0) return;
  const { drainSeconds, longestSeconds, sidecarSeconds } = resolved;
  const isWorker = request.exposure === undefined;
  if (!isWorker && resolved.pods[0] < 2) {
    yield `replicas is ${resolved.pods[0]}, but a rollout without loss needs at least 2. Set it to 2 or more.`;
  }
  yield* surgeProblems(request, resolved);
  const drain = shortestDrainSeconds(request);
  if (drainSeconds < drain && request.unchecked?.drainSeconds === undefined) {
    const name = typeof request.preStop === 'object' ? 'preStop.seconds' : 'drainSeconds';
    yield `${name} is ${drainSeconds}, but with exposure ${request.exposure} requests reach a stopping pod for up to ${drain} s. Set it to ${drain} or more, or leave it out.`;
  }
  const grace = shortestGraceSeconds(drainSeconds, longestSeconds, sidecarSeconds);
  if (resolved.terminationGracePeriodSeconds < grace) {
    const parts = [
      ...(isWorker ? [] : [`a drain of ${drainSeconds} s`]),
      `a ${isWorker ? 'job' : 'request'} of ${longestSeconds} s`,
      ...(sidecarSeconds === 0 ? [] : [`sidecars that end within ${sidecarSeconds} s`]),
    ];
    yield `terminationGracePeriodSeconds is ${resolved.terminationGracePeriodSeconds}, but ${parts.join(', ')} and 5 s to spare need ${grace}. Set it to ${grace} or more, or leave it out.`;
  }
  const draining = drainingSeconds(resolved);
  if (request.exposure === 'gateway' && draining > longestDrainingSeconds) {
    const parts = `a drain of ${drainSeconds} s and a request of ${longestSeconds} s`;
    yield `exposure is 'gateway', but Google's load balancer leaves a connection open for ${longestDrainingSeconds} s at most, and ${parts} need ${draining}. Lower endpointLagSeconds or longestRequestSeconds.`;
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
  longestJobSeconds: { least: 0, isWhole: false },
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
  const { maxSurge, maxUnavailable, pods } = resolved;
  if (maxSurge === 0 && maxUnavailable === 0) {
    yield 'maxSurge and maxUnavailable are both 0, so that no pod could ever be replaced, and Kubernetes refuses it. Set maxSurge to 1 or more.';
    return;
  }
  if (request.unchecked?.maxUnavailable !== undefined) return;
  // Shares of the fewest and of the most pods that an autoscaler may choose are rounded differently.
  const worst = pods.map((count) => ({ count, missing: resolveSurge(maxSurge, maxUnavailable, count).maxUnavailable }));
  const found = worst.find(({ missing }) => missing > 0);
  if (found === undefined) return;
  yield `maxUnavailable is ${maxUnavailable} and maxSurge ${maxSurge}, which lets ${found.missing} of ${found.count} pods stop before their successors serve. Set maxUnavailable to 0 and maxSurge to 1 or more.`;
}

/** What a service says of its container. */
interface ContainerRequest {
  /** Of requests; null for a worker. */
  readonly port: number | null;
  /** Of probes and metrics; null where there is none. */
  readonly managementPort: number | null;
  readonly cpu: string;
  readonly memory: string;
  readonly env: Workload['env'];
}

/** What can't be in what a service says of its container, a sentence each, which begins with the value's name. */
export function* containerProblems(
  request: ContainerRequest,
  derived: readonly k8s.EnvVar[],
  config: Workload['config'] = {},
): Generator<string> {
  const { env = {} } = request;
  for (const name of ['port', 'managementPort'] as const) {
    const port = request[name];
    if (port === null) continue;
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) continue;
    yield `${name} ${says(port)}. Set it to a whole number from 1 to 65535.`;
  }
  if (request.port !== null && request.port === request.managementPort) {
    yield `managementPort is ${request.port}, the port of requests as well. Set it to another.`;
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const amount = request[resource];
    const fault = quantityFault(amount) ?? amountFault(resource, amount);
    if (fault !== null) yield `${resource} ${fault}.`;
  }
  for (const { name } of derived) {
    if (Object.hasOwn(env, name))
      yield `env sets ${name}, which follows from the other values and is set already. Remove it from env.`;
    if (Object.hasOwn(config, name))
      yield `config sets ${name}, which follows from the other values and is set already. Remove it from config.`;
  }
  for (const name of Object.keys(config)) {
    if (Object.hasOwn(env, name)) yield `config sets ${name}, and so does env, which is taken. Keep one of them.`;
  }
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
    sum(sidecars.map((sidecar) => sidecar.startupSeconds ?? usualBeforeSeconds)) +
    balancerSeconds(request);
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

/** The rollout that a service's request comes to. Throws a {@link SettingsError} with a sentence for each of its values that
 * would lose requests or never come to an end; they begin with the value's name. */
export function rollout(request: RolloutRequest): Rollout {
  // What is past the checks stands in the place of what it replaces.
  const resolved = resolve({ ...request, ...request.unchecked });
  const problems = [...rolloutProblems(request, resolved)];
  if (problems.length > 0) throw new SettingsError(problems, undefined, null);
  return resolved;
}
