import { expect, test } from 'vitest';
import type { Moment } from '../../src/forecast/report.ts';
import { makeLive, timeLeftMs } from '../../src/live/state.ts';
import type { Sample } from '../../src/rehearse/load/schedule.ts';
import { makeWatch, type PodState } from '../../src/rollout/watch.ts';

const moment = (atMs: number, oldReady: number, newReady: number, starting = 0, ending = 0): Moment => ({
  atMs,
  oldReady,
  newReady,
  starting,
  ending,
});

/** Two pods, one after the other: each new one is ready after 5 s, and the old one gone 5 s later. */
const forecast = [moment(0, 2, 0, 1), moment(5_000, 1, 1, 1, 1), moment(10_000, 0, 2, 0, 1), moment(15_000, 0, 2)];

test('the time left is what the forecast has left, at the pace so far', () => {
  expect(timeLeftMs(forecast, [], 0)).toBe(15_000);
  expect(timeLeftMs(forecast, [moment(0, 2, 0, 1)], 2_000)).toBe(13_000);
  // As fast as was forecast.
  const asForecast = [moment(0, 2, 0, 1), moment(5_000, 1, 1, 1, 1)];
  expect(timeLeftMs(forecast, asForecast, 5_000)).toBe(10_000);
  expect(timeLeftMs(forecast, asForecast, 9_000)).toBe(6_000);
  // Twice as slow: what is left is, too.
  const slow = [moment(0, 2, 0, 1), moment(10_000, 1, 1, 1, 1)];
  expect(timeLeftMs(forecast, slow, 10_000)).toBe(20_000);
  // It never says less than what follows the step that is waited for.
  expect(timeLeftMs(forecast, slow, 60_000)).toBe(10_000);
});

test('nothing is left once the last old pod is gone, and nothing is known without a forecast', () => {
  expect(timeLeftMs(forecast, forecast, 15_000)).toBe(0);
  expect(timeLeftMs([], forecast, 15_000)).toBeNull();
});

const pod = (name: string, replicaSet: string, state: PodState) => ({
  name,
  replicaSet,
  image: `registry.example.com/web:${replicaSet}@sha256:${'0'.repeat(64)}`,
  state,
});

test('shows the pods, versions and progress of a rollout from its first new pod on', () => {
  const watch = makeWatch(new AbortController().signal);
  const live = makeLive('web', 1_000);
  watch.see({ kind: 'pods', pods: [pod('a', 'v1', 'ready'), pod('b', 'v1', 'ready')], at: 2_000 });
  live.rolling({ name: 'release', to: 'v2', picture: forecast }, watch);
  live.step('pushed');
  expect(live.state(3_000)).toMatchObject({
    title: 'web',
    step: 'pushed',
    rollout: { name: 'release', to: 'v2', startedAt: null, actual: [], leftMs: 15_000 },
    pods: [
      { name: 'a', version: 'v1', state: 'ready' },
      { name: 'b', version: 'v1', state: 'ready' },
    ],
    verdict: null,
  });
  const rest = [pod('a', 'v1', 'ready'), pod('b', 'v1', 'ready')];
  watch.see({ kind: 'pods', pods: [...rest, pod('c', 'v2', 'starting')], at: 4_000 });
  watch.see({
    kind: 'pods',
    pods: [pod('a', 'v1', 'terminating'), pod('b', 'v1', 'ready'), pod('c', 'v2', 'ready')],
    at: 9_000,
  });
  expect(live.state(10_000).rollout).toMatchObject({
    startedAt: 4_000,
    actual: [moment(0, 2, 0, 1), moment(5_000, 1, 1, 0, 1)],
    leftMs: 9_000,
  });
});

test('counts requests by the second in which they were due, and none that was due before', () => {
  const live = makeLive('web', 1_000);
  const samples: Sample[] = [];
  const add = (dueAt: number, tookMs: number, failure: string | null = null): void => {
    const kind = 'keep-alive' as const;
    samples.push({ kind, dueAt, sentAt: dueAt, endedAt: dueAt + tookMs, version: null, pod: null, port: 1, failure });
  };
  add(1_500, 1, 'ECONNRESET');
  live.follow(samples, 2_000);
  add(2_100, 10);
  add(2_900, 30);
  add(3_100, 20, 'timeout');
  expect(live.state(4_000).requests).toEqual({
    sent: 3,
    lost: 1,
    seconds: [
      { second: 1, sent: 2, lost: 0, p50: 10, p99: 30 },
      { second: 2, sent: 1, lost: 1, p50: 0, p99: 0 },
    ],
  });
  add(2_950, 50);
  expect(live.state(4_000).requests.seconds[0]).toEqual({ second: 1, sent: 3, lost: 0, p50: 30, p99: 50 });
});

test('shows the verdict', () => {
  const live = makeLive('web', 1_000);
  live.verdict('passed', 'passed: 0 of 3 requests lost');
  expect(live.state(1_000).verdict).toEqual({ kind: 'passed', words: 'passed: 0 of 3 requests lost' });
});
