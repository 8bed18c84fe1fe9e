import type { Exposure } from '../workload/exposure.ts';
import type { Autoscale, InitContainer, Sidecar } from '../workload/parts.ts';
import type { UncheckedRollout, WebWorkload } from '../workload/schema.ts';

/** How requests reach the pods: what decides for how long a gone endpoint goes on being used. */
export interface Reach {
  /** None of a worker. */
  readonly exposure?: Exposure | undefined;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** As it was measured, in seconds. */
  readonly endpointLagSeconds?: number;
}

// GKE's Dataplane V2, of which nobody has measured how fast it follows: three times what kube-proxy needs.
const unmeasuredSeconds = 15;
// Google's L7 load balancers look away after 40 to 120 s, as their users report; not measured here either.
const behindGatewaySeconds = 120;
// kube-proxy follows within 4 s at worst of 581 changes measured; it is the only one to follow while every node stays a backend.
const behindKubeProxySeconds = 5;
// Google's L4 load balancer needs 6 s of failed health checks to give up a node whose last pod is gone.
const behindHealthChecksSeconds = 10;
// A measured lag is what was seen, not what is possible.
const marginSeconds = 2;

/**
 * The shortest drain that outlasts the endpoint, in whole seconds: from SIGTERM on, requests still arrive for so long. A measured lag
 * takes the place of what is assumed, but never goes below what is known.
 */
export function shortestDrainSeconds(reach: Reach): number {
  if (reach.exposure === undefined) return 0;
  const lag = lagSeconds(reach);
  if (lag === null) return unmeasuredSeconds;
  const least = reach.externalTrafficPolicy === 'Local' ? behindHealthChecksSeconds : behindKubeProxySeconds;
  return Math.max(least, Math.ceil(lag) + marginSeconds);
}

/** How long requests go on reaching an endpoint that is gone, in seconds; null where nobody knows. */
function lagSeconds({ exposure, endpointLagSeconds }: Reach): number | null {
  return endpointLagSeconds ?? (exposure === 'gateway' ? behindGatewaySeconds : null);
}

/** How long a new pod that is ready may wait for Google's load balancer, without which it does not count as ready, in seconds. */
export function balancerSeconds(reach: Reach): number {
  return reach.exposure === 'gateway' ? Math.ceil(lagSeconds(reach) ?? 0) : 0;
}

/** Google's own limit of connection draining (GCPBackendPolicy, drainingTimeoutSec). */
export const longestDrainingSeconds = 3_600;

/** How long Google's load balancer leaves the requests of a pod alone that leaves, in whole seconds: no shorter than the pod itself. */
export function drainingSeconds({
  drainSeconds,
  longestSeconds,
}: Pick<Rollout, 'drainSeconds' | 'longestSeconds'>): number {
  return Math.ceil(drainSeconds + longestSeconds);
}

// The kubelet counts from before it sends SIGTERM, and a busy node is late.
const slackSeconds = 5;

/**
 * The shortest grace period in which a pod can drain, finish its longest request or job and exit by itself, in seconds. Sidecars are
 * told to end when the service has, one after the other, within the same period (KEP-753).
 */
export function shortestGraceSeconds(drainSeconds: number, longestSeconds: number, sidecarSeconds = 0): number {
  // Rounded up: Kubernetes takes whole seconds, and a drain past the checks may be any.
  return Math.ceil(drainSeconds + longestSeconds + sidecarSeconds) + slackSeconds;
}

/** The kubelet looks once a second at most; each second more would be in every rollout, once a wave. */
export const probePeriodSeconds = 1;

/** How long a pod takes to become available. */
export interface PodTiming {
  readonly startupSeconds: number;
  readonly minReadySeconds: number;
  /** What it takes beside its own start. */
  readonly beforeSeconds?: number;
}

/** The time that a pod may take which starts as slowly as its probes let it, in seconds: each probe is charged a whole period. */
export function slowestPodSeconds({ startupSeconds, minReadySeconds, beforeSeconds = 0 }: PodTiming): number {
  return beforeSeconds + startupSeconds + 2 * probePeriodSeconds + minReadySeconds;
}

/** A share of the replicas, as Kubernetes writes it. */
export type Percentage = `${number}%`;

/** How many pods a rolling update may have too many and too few. */
export interface Surge {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

function pods(value: number | Percentage, replicas: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  // Multiplied before it is divided: 0.07 * 100 is more than 7, and would be rounded up to 8.
  return round((Number.parseFloat(value) * replicas) / 100);
}

/**
 * Turns percentages into pods as the Deployment controller does: surge rounds up, unavailable down, and where both come
 * to 0 one pod may be missing, or nothing would ever move (kubernetes/pkg/controller/deployment/util, ResolveFenceposts).
 */
export function resolveSurge(
  maxSurge: number | Percentage,
  maxUnavailable: number | Percentage,
  replicas: number,
): Surge {
  const surge = pods(maxSurge, replicas, Math.ceil);
  const unavailable = pods(maxUnavailable, replicas, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

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
  /** What a pod takes beside its own start: what runs before it, and what its load balancer needs. */
  readonly beforeSeconds: number;
  readonly terminationGracePeriodSeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly probes: 'all' | 'liveness-only';
  /** Why some of these values are past every check; null where none is. */
  readonly unchecked: string | null;
}
