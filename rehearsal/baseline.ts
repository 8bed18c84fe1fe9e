import type { UncheckedRollout } from '../settings/settings.ts';

/**
 * How the system that zerodrop replaces rolled out: one liveness probe, one pod taken away before its successor answers, and
 * no drain. See docs/from-the-original.md. What it loses is the proof that a rehearsal can see a loss.
 */
export const originalRollout: UncheckedRollout = {
  because: 'the rollout settings of the system that zerodrop replaces, played as a control',
  maxSurge: 1,
  maxUnavailable: 1,
  minReadySeconds: 0,
  drainSeconds: 0,
  probes: 'liveness-only',
};

/** The rules of the guard that these settings break, on purpose. */
export const originalAllows = ['readiness-missing', 'max-unavailable', 'drain-too-short'] as const;
