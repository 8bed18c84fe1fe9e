import { describe, expect, test } from 'vitest';
import { imagine } from '../played.ts';
import { judge } from './judged.ts';
import { control, play, pods, revert, withSample } from './small.ts';

describe('the figures of a client', () => {
  const [keepAlive, fresh] = judge(
    withSample(3_000, { version: null, failure: 'timeout', endedAt: 13_000 }),
    null,
  ).clients;

  test('count its own requests and failures', () => {
    expect(keepAlive).toMatchObject({ kind: 'keep-alive', rate: 10, sent: 180, failed: 1, failures: { timeout: 1 } });
    expect(fresh).toMatchObject({ kind: 'new-connection', rate: 10, sent: 180, failed: 0, failures: {} });
  });

  test('measure from when a request was due, and leave out what failed', () => {
    expect(keepAlive?.latencyMs).toEqual({ p50: 2, p99: 2, max: 2 });
    expect(keepAlive?.latenessMs).toEqual({ p50: 1, p99: 1, max: 1 });
  });
});

describe('the figures of a rollout', () => {
  test('count from its push, and leave out the first deployment', () => {
    expect(judge(play, control).rollouts).toMatchObject([
      {
        name: 'release',
        from: 'v1',
        to: 'v2',
        committedAtMs: 2_000,
        syncedAfterMs: 500,
        firstAnswerAfterMs: 3_002,
        completeAfterMs: 4_000,
        lastOldPodGoneAfterMs: 6_000,
        boundMs: 4_000,
        requests: 160,
        failed: 0,
        latencyMs: { p50: 2, p99: 2, max: 2 },
        slow: 0,
        longestGapMs: 100,
        minimumReadyPods: 2,
      },
      { name: 'revert', committedAtMs: 10_000, firstAnswerAfterMs: 3_052, requests: 180 },
    ]);
  });

  test('a failure belongs to the rollout in whose span it was due', () => {
    const report = judge(withSample(9_950, { version: null, failure: 'ECONNRESET', endedAt: 10_500 }), null);
    expect(report.rollouts.map(({ failed }) => failed)).toEqual([1, 0]);
  });

  test('what stood at the push counts for its capacity, and the next rollout has its own', () => {
    const observed = [pods(1_000, 'ready'), pods(2_001, 'ready', 'ready'), pods(3_000, 'ready', 'ready', 'ready')];
    expect(judge({ ...play, observed }, null).rollouts.map(({ minimumReadyPods }) => minimumReadyPods)).toEqual([1, 3]);
  });

  test('what never happened is null', () => {
    const stuck = { ...revert, syncedAt: null, completeAt: null, lastOldPodGoneAt: null };
    const answers = play.samples.filter(({ dueAt }) => dueAt < 13_000);
    expect(judge({ ...play, rollouts: [stuck], samples: answers }, null).rollouts).toMatchObject([
      { syncedAfterMs: null, firstAnswerAfterMs: null, completeAfterMs: null, lastOldPodGoneAfterMs: null },
    ]);
  });
});

describe('the timeline', () => {
  const { timeline } = judge(play, null);

  test('is in order', () => {
    const times = timeline.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('has the marks of every rollout, the first deployment among them', () => {
    const marks = timeline.flatMap((entry) =>
      entry.kind === 'mark' ? `${entry.atMs} ${entry.rollout}: ${entry.mark}` : [],
    );
    expect(marks).toEqual([
      '0 first deployment: commit',
      '100 first deployment: synced',
      '500 first deployment: complete',
      '500 first deployment: last old pod gone',
      '1002 first deployment: first answer',
      '2000 release: commit',
      '2500 release: synced',
      '5002 release: first answer',
      '6000 release: complete',
      '8000 release: last old pod gone',
      '10000 revert: commit',
      '10500 revert: synced',
      '13052 revert: first answer',
      '14000 revert: complete',
      '16000 revert: last old pod gone',
    ]);
  });

  test('counts the requests of each second by version, and what failed apart', () => {
    const failing = judge(withSample(4_000, { version: null, failure: 'ECONNRESET' }), null).timeline;
    const seconds = failing.filter((entry) => entry.kind === 'requests');

    expect(seconds).toHaveLength(18);
    expect(seconds[3]).toEqual({
      atMs: 4_000,
      kind: 'requests',
      durationMs: 1_000,
      answers: { v1: 19 },
      failed: 1,
      failures: { ECONNRESET: 1 },
      latencyMs: { p50: 2, p99: 2, max: 2 },
    });
    expect(seconds[4]?.answers).toEqual({ v2: 20 });
  });

  test('the last second is as long as the load went on in it', () => {
    const samples = play.samples.filter(({ dueAt }) => dueAt < 18_500);
    const last = judge({ ...play, samples }, null).timeline.findLast((entry) => entry.kind === 'requests');
    expect(last).toMatchObject({ atMs: 18_000, durationMs: 500, answers: { v1: 10 } });
  });

  test('tells pods with their version in place of their image', () => {
    expect(timeline.find((entry) => entry.kind === 'pods')).toEqual({
      atMs: 500,
      kind: 'pods',
      pods: [
        { name: 'web-0', replicaSet: 'web-a', version: 'v1', state: 'ready' },
        { name: 'web-1', replicaSet: 'web-a', version: 'v1', state: 'ready' },
      ],
    });
  });
});

test('a play as it might have been passes, and its control loses requests', () => {
  const ours = imagine({ settings: 'ours', replicas: 3, rate: 100 });
  const report = judge(ours, imagine({ settings: 'original', replicas: 3, rate: 100 }));

  expect(report.reasons).toEqual([]);
  expect(report.rollouts.map(({ minimumReadyPods }) => minimumReadyPods)).toEqual([3, 3]);
  expect(report.control?.failed).toBeGreaterThan(0);
});
