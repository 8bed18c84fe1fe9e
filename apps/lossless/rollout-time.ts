/** How long one pod takes from being created to counting as available. All in milliseconds. */
export interface PodTiming {
  /** 0 without a readiness probe: such a pod counts as ready once its process runs. */
  readonly startupMs: number;
  /** 0 without a startup probe. */
  readonly startupPeriodMs: number;
  /** 0 without a readiness probe. */
  readonly readinessPeriodMs: number;
  readonly minReadyMs: number;
}

/** What a rollout says of the timing of its pods. */
interface Pace {
  readonly probes: 'all' | 'liveness-only';
  readonly minReadySeconds: number;
}

/** The kubelet looks once a second at most; each second more would be in every rollout, once a wave. */
export const probePeriodSeconds = 1;

/** The timing of one pod of a rollout whose process needs `startupMs` to its first answer. */
export function podTiming({ probes, minReadySeconds }: Pace, startupMs: number): PodTiming {
  const minReadyMs = minReadySeconds * 1_000;
  if (probes === 'liveness-only') return { startupMs: 0, startupPeriodMs: 0, readinessPeriodMs: 0, minReadyMs };
  const periodMs = probePeriodSeconds * 1_000;
  return { startupMs, startupPeriodMs: periodMs, readinessPeriodMs: periodMs, minReadyMs };
}

/** The time within which one pod is expected to become available, in milliseconds. */
export function podBoundMs(pod: PodTiming): number {
  return pod.startupMs + pod.startupPeriodMs + pod.readinessPeriodMs + pod.minReadyMs;
}

/** The time that a pod may take which starts as slowly as its startup probe lets it, in seconds. */
export function slowestPodSeconds(pod: { readonly startupSeconds: number; readonly minReadySeconds: number }): number {
  return podBoundMs(podTiming({ ...pod, probes: 'all' }, pod.startupSeconds * 1_000)) / 1_000;
}
