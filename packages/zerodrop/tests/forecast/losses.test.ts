import { expect, test } from 'vitest';
import type { Inputs, PodPlan } from '../../src/forecast/life.ts';
import type { Strategy } from '../../src/forecast/rollout.ts';
import { forecastPlan, type RolloutForecast } from '../../src/forecast/workload.ts';
import { planned, quick, rolling } from './plans.ts';

/** The losses of a rollout of 3 pods, with new connections alone unless said. */
function lost(
  changed: Partial<PodPlan>,
  inputs: Partial<Inputs> = {},
  strategy: Strategy = rolling(1, 0),
): RolloutForecast['losses'] {
  return forecastPlan(planned(strategy, 3, changed), { ...quick, keptConnections: 0, rate: 90, ...inputs }, 3_600_000)
    .losses;
}

test('a drain longer than the lag loses none', () => {
  expect(lost({})).toEqual({ expected: 0, byCause: {} });
  expect(lost({}, { keptConnections: 100 })).toEqual({ expected: 0, byCause: {} });
});

test('without a drain each old pod refuses its share for one lag', () => {
  // 3 pods, each 1 s of a third or a quarter of 90 requests per second.
  const { expected, byCause } = lost({ openMs: 0 });
  expect(Object.keys(byCause)).toEqual(['no drain']);
  expect(expected).toBeGreaterThan(3 * 22);
  expect(expected).toBeLessThan(3 * 31);
  const short = lost({ openMs: 500 });
  expect(short.byCause['drain shorter than the endpoint lag']).toBeCloseTo(expected / 2, 0);
  expect(lost({ openMs: 0 }, { keptConnections: 100 }).expected).toBeGreaterThan(expected * 1.1);
});

test('a pod that is ready before it listens refuses its share until then', () => {
  const early = { containers: [{ startup: null, readiness: null, liveness: null }] };
  const { byCause } = lost(early, { startupMs: [5_000, 5_000] });
  expect(Object.keys(byCause)).toEqual(['ready before it listens']);
  expect(byCause['ready before it listens']).toBeGreaterThan(3 * 3 * 20);
});

test('where no pod is left, every request is lost', () => {
  const recreated = lost({ openMs: 0 }, {}, { kind: 'recreate' });
  // From the old pods' end until the new ones are known: at least start-up and lag.
  expect(recreated.byCause['no pod is left']).toBeGreaterThan(90 * 2.5);
  // A preStop hook of 6 s lets the old ones serve on, but not until the new ones do.
  expect(lost({}, {}, { kind: 'recreate' }).byCause['no pod is left']).toBeGreaterThan(90);
});

test('a grace period that ends before the longest request cuts what is open', () => {
  const cut = lost({ openMs: 6_000, graceMs: 7_000 }, { longestRequestMs: 3_000, keptConnections: 100 });
  expect(Object.keys(cut.byCause)).toEqual(['killed before open requests are answered']);
  // New connections have not come for 5 s; of the kept ones 2/3 squared of a half of 3 s of a third of 90 per second, 3 times.
  expect(cut.expected).toBeCloseTo(3 * 0.5 * (2 / 3) ** 2 * 3 * 22.5, -1);
  expect(lost({ graceMs: 30_000 }, { longestRequestMs: 3_000 }).expected).toBe(0);
  expect(lost({}, { longestRequestMs: 1_000, endsAtOnce: true, keptConnections: 100 }).byCause).toHaveProperty(
    'open requests end with the program',
  );
});

test('a kept connection that is closed without a word may have a request on its way', () => {
  const { byCause } = lost({ announces: false }, { keptConnections: 10, roundTripMs: 10 });
  expect(byCause['kept connections are closed']).toBeCloseTo(3 * 0.01 * 25, 0);
});
