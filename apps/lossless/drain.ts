import type { Exposure } from '../workload/schema.ts';

/** How requests reach the pods: what decides for how long a gone endpoint goes on being used. */
export interface Reach {
  readonly exposure: Exposure;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Measured, in seconds, where it is longer than usual. */
  readonly endpointLagSeconds?: number;
}

// kube-proxy follows within 4 s at worst of 581 changes measured; it is the only one to follow while every node stays a backend.
// GKE's Dataplane V2 takes its place on new clusters and was not measured: rehearse there with --context before relying on it.
const behindKubeProxySeconds = 5;
// Google's L4 load balancer needs 6 s of failed health checks to give up a node whose last pod is gone.
const behindHealthChecksSeconds = 10;
// A measured lag is what was seen, not what is possible.
const marginSeconds = 2;

/** The shortest drain that outlasts the endpoint, in whole seconds: from SIGTERM on, requests still arrive for so long. */
export function shortestDrainSeconds(reach: Reach): number {
  const usual = reach.externalTrafficPolicy === 'Local' ? behindHealthChecksSeconds : behindKubeProxySeconds;
  if (reach.endpointLagSeconds === undefined) return usual;
  return Math.max(usual, Math.ceil(reach.endpointLagSeconds) + marginSeconds);
}

// The kubelet counts from before it sends SIGTERM, and a busy node is late.
const slackSeconds = 5;

/** The shortest grace period in which a pod can drain, finish its longest request and exit by itself, in seconds. */
export function shortestGraceSeconds(drainSeconds: number, longestRequestSeconds: number): number {
  // Rounded up: Kubernetes takes whole seconds, and a drain past the checks may be any.
  return Math.ceil(drainSeconds + longestRequestSeconds) + slackSeconds;
}
