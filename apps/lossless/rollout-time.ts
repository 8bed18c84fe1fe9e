import type { Rollout } from './rollout.ts';

/** How long one pod takes from being created to counting as available. All in milliseconds. */
export interface PodTiming {
  readonly startupMs: number;
  /** 0 without a startup probe. */
  readonly startupPeriodMs: number;
  /** 0 without a readiness probe. */
  readonly readinessPeriodMs: number;
  readonly minReadyMs: number;
}

/** Both probes look once a second: more often is not possible, and each look more is time in every rollout. */
export const probePeriodSeconds = 1;

/** The timing of one pod of a rollout whose process needs `startupMs` until it answers. */
export function podTiming(rollout: Pick<Rollout, 'probes' | 'minReadySeconds'>, startupMs: number): PodTiming {
  const periodMs = rollout.probes === 'all' ? probePeriodSeconds * 1_000 : 0;
  return {
    startupMs: rollout.probes === 'all' ? startupMs : 0,
    startupPeriodMs: periodMs,
    readinessPeriodMs: periodMs,
    minReadyMs: rollout.minReadySeconds * 1_000,
  };
}

/** The time within which one pod is expected to become available, in milliseconds. */
export function podBoundMs(pod: PodTiming): number {
  return pod.startupMs + pod.startupPeriodMs + pod.readinessPeriodMs + pod.minReadyMs;
}

/**
 * The time within which a rolling update is expected to replace every pod, in milliseconds: each pod is charged a whole
 * period of each of its probes.
 *
 * The Deployment controller keeps maxSurge + maxUnavailable pods in flight, so it works through the replicas in waves
 * (kubernetes/pkg/controller/deployment/rolling.go).
 */
export function rolloutBoundMs(replicas: number, maxSurge: number, maxUnavailable: number, pod: PodTiming): number {
  return Math.ceil(replicas / (maxSurge + maxUnavailable)) * podBoundMs(pod);
}
