import { expect, test } from 'vitest';
import type { PodPlan } from '../../src/forecast/life.ts';
import type { Strategy } from '../../src/forecast/rollout.ts';
import { forecastPlan, type RolloutForecast } from '../../src/forecast/workload.ts';
import { planned, pod, quick, rolling } from './plans.ts';

const hour = 3_600_000;

function of(strategy: Strategy, pods: number, changed: Partial<PodPlan> = {}, inputs = quick): RolloutForecast {
  return forecastPlan(planned(strategy, pods, changed), inputs, hour);
}

/** Seconds, complete and last old pod gone, as the embedded cluster and the real one of the lab took them. */
test.each([
  { pods: 3, strategy: rolling(1, 0), minReady: 5, drain: 6, complete: [22.8, 23.8], gone: [28.5, 29.7] },
  { pods: 3, strategy: rolling(1, 0), minReady: 1, drain: 0.2, complete: [8.8, 8.9], gone: [] },
  { pods: 4, strategy: rolling(1, 1), minReady: 1, drain: 0.2, complete: [5.9, 5.9], gone: [] },
  { pods: 3, strategy: rolling(0, 1), minReady: 1, drain: 0.2, complete: [9.7, 9.8], gone: [] },
  { pods: 10, strategy: rolling(3, 2), minReady: 1, drain: 0.2, complete: [6.9], gone: [] },
])('$pods pods take as long as measured', ({ pods, strategy, minReady, drain, complete, gone }) => {
  const changed = { minReadyMs: 1_000 * minReady, openMs: 1_000 * drain };
  const found = of(strategy, pods, changed, { ...quick, containerStartMs: [20, 700] });
  for (const seconds of complete) expect(seconds * 1_000).toSatisfy(isIn(found.completeMs));
  for (const seconds of gone) expect(seconds * 1_000).toSatisfy(isIn(found.lastOldPodGoneMs));
});

/** A measured time is told to a tenth of a second, and seen by whoever looks a moment later. */
function isIn(range: readonly [number, number] | null): (ms: number) => boolean {
  return (ms) => range !== null && ms >= range[0] - 300 && ms <= range[1] + 300;
}

test.each([
  ['one by one', rolling(1, 0), 3, [5, 6], 3],
  ['in pairs', rolling(2, 0), 5, [10, 11], 5],
  ['taking one away first', rolling(0, 1), 3, [5, 6], 2],
  ['all at once', { kind: 'recreate' }, 3, [3, 6], 0],
  ['by ordinals', { kind: 'ordinals', unavailable: 1, partition: 0, parallel: false }, 3, [3, 3], 2],
  ['by nodes', { kind: 'nodes', surge: 0, unavailable: 2 }, 5, [5, 5], 3],
  ['by nodes, beside the old ones', { kind: 'nodes', surge: 1, unavailable: 0 }, 4, [6, 8], 4],
] as const)('counts pods that are replaced %s', (_, strategy, pods, most, fewest) => {
  const found = of(strategy, pods);
  expect(found.mostPods[0]).toBeGreaterThanOrEqual(most[0]);
  expect(found.mostPods[1]).toBeLessThanOrEqual(most[1]);
  expect(found.fewestReady).toEqual([fewest, fewest]);
});

const set = (partition: number): Strategy => ({ kind: 'ordinals', unavailable: 1, partition, parallel: false });

test('a StatefulSet keeps its lower ordinals, and replaces in place', () => {
  const [all, one] = [of(set(0), 3), of(set(2), 3)];
  expect(one.completeMs?.[1]).toBeLessThan((all.completeMs?.[0] ?? 0) / 2);
  expect(of(set(3), 3).completeMs).toEqual([0, 0]);
});

test('what also scales is scaled first', () => {
  const up = forecastPlan({ ...planned(rolling(1, 0), 2), after: 6 }, quick, hour);
  expect(up.fewestReady).toEqual([2, 2]);
  const down = forecastPlan({ ...planned(rolling(1, 0), 6), after: 2 }, quick, hour);
  expect(down.fewestReady).toEqual([2, 2]);
  const first = forecastPlan({ ...planned(rolling(1, 0), 4), before: 0 }, quick, hour);
  expect(first).toMatchObject({ mostPods: [4, 4], lastOldPodGoneMs: null });
});

test('a DaemonSet that is new has a pod on each node at once', () => {
  const plan = planned({ kind: 'nodes', surge: 0, unavailable: 1 }, 3);
  expect(forecastPlan({ ...plan, before: 0 }, quick, hour)).toMatchObject({
    mostPods: [3, 3],
    completeMs: [expect.toSatisfy((ms: number) => ms > 2_000), expect.toSatisfy((ms: number) => ms < 5_000)],
  });
});

test('a StatefulSet that makes its pods together waits for the new ones before it replaces one', () => {
  const strategy = { kind: 'ordinals', unavailable: 1, partition: 0, parallel: true } as const;
  const grown = forecastPlan({ ...planned(strategy, 3), after: 5 }, quick, hour);
  expect(grown.fewestReady).toEqual([3, 3]);
});

test('a pod that is ready is progress, and so is one that is available', () => {
  const plan = planned(rolling(1, 0), 3, { minReadyMs: 20_000 });
  expect(forecastPlan(plan, quick, 21_000).problem).toBeNull();
  expect(forecastPlan(plan, quick, 19_000).problem).toContain('progressDeadlineSeconds');
});

test('counts what the pods request beside those of before', () => {
  expect(of(rolling(1, 0), 3, { openMs: 0 })).toMatchObject({ mostPods: [5, 5] });
  const { mostPods, additionalCpu, additionalMemory } = of(rolling(1, 0), 3);
  expect(additionalCpu).toBeCloseTo((mostPods[1] - 3) * 0.1);
  expect(additionalMemory).toBe((mostPods[1] - 3) * 64 * 2 ** 20);
});

const probe = { delayMs: 0, periodMs: 1_000, failures: 2, successes: 1 };
const probed = (startup: typeof probe | null, liveness: typeof probe | null): Partial<PodPlan> => ({
  containers: [{ startup, readiness: probe, liveness }],
});

test('says where the probes end a pod before it answers, or the deadline is missed', () => {
  const slow = { ...quick, startupMs: [1_000, 5_000] as const };
  expect(of(rolling(1, 0), 3, probed(probe, null), slow).problem).toContain('where it starts slowly');
  expect(of(rolling(1, 0), 3, probed({ ...probe, failures: 10 }, probe), slow).problem).toBeNull();
  expect(of(rolling(1, 0), 3, probed(null, probe), { ...slow, startupMs: [5_000, 5_000] })).toMatchObject({
    completeMs: null,
    lastOldPodGoneMs: null,
    problem: expect.stringMatching(/ends? a new pod before its program answers, so/),
  });
  expect(forecastPlan(planned(rolling(1, 0), 3, { minReadyMs: 20_000 }), quick, 10_000).problem).toContain(
    'progressDeadlineSeconds',
  );
});

test('says the same each time, and forecasts 200 pods within seconds', () => {
  expect(of(rolling(3, 2), 10)).toEqual(of(rolling(3, 2), 10));
  const startedAt = performance.now();
  expect(of(rolling(20, 0), 200).fewestReady).toEqual([200, 200]);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test('a startup probe is asked in its own period, and readiness at once after it', () => {
  const found = of(rolling(1, 0), 1, { ...probed({ ...probe, periodMs: 10_000 }, null), minReadyMs: 0 });
  // From its creation on, every 10 s: the second time, the program answers.
  expect(found.completeMs?.[0]).toBeGreaterThan(10_000);
  expect(found.completeMs?.[1]).toBeLessThan(10_200);
  expect(
    of(rolling(1, 0), 1, { containers: [{ startup: null, readiness: null, liveness: null }] }).completeMs?.[1],
  ).toBeLessThan(2_200);
  expect(pod.minReadyMs).toBe(1_000);
});
