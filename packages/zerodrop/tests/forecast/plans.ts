import { defaultInputs, type Inputs, type PodPlan } from '../../src/forecast/life.ts';
import type { RolloutPlan, Strategy } from '../../src/forecast/rollout.ts';

const everySecond = { delayMs: 0, periodMs: 1_000, failures: 3, successes: 1 };

/** A pod whose program is asked once a second whether it is ready, and drains for 6 s. */
export const pod: PodPlan = {
  containers: [{ startup: null, readiness: everySecond, liveness: null }],
  initContainers: 0,
  minReadyMs: 1_000,
  graceMs: 30_000,
  openMs: 6_000,
  announces: true,
  cpu: 0.1,
  memory: 64 * 2 ** 20,
};

/** A machine on which nothing but the program takes time. */
export const quick: Inputs = {
  ...defaultInputs,
  containerStartMs: [20, 20],
  imagePullMs: [0, 0],
  startupMs: [1_500, 1_500],
  endpointLagMs: [1_000, 1_000],
  longestRequestMs: 0,
  nodes: 2,
};

export const rolling = (surge: number, unavailable: number): Strategy => ({ kind: 'rolling', surge, unavailable });

/** A rollout of as many pods as there are, all alike. */
export const planned = (strategy: Strategy, pods: number, changed: Partial<PodPlan> = {}): RolloutPlan => {
  const same = { ...pod, ...changed };
  return { strategy, before: pods, after: pods, old: same, next: same };
};
