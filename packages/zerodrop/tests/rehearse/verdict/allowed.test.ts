import { expect, test } from 'vitest';
import type { PlayedRollout, PlayRecord } from '../../../src/rehearse/cluster.ts';
import type { Sample } from '../../../src/rehearse/load/schedule.ts';
import { judge } from '../../../src/rehearse/verdict/judge.ts';
import { endpoints, first, play, release, revert, samples } from './small.ts';

function lost(failure: string, isLost: (sample: Sample) => boolean): readonly Sample[] {
  return samples.map((sample) => (isLost(sample) ? { ...sample, version: null, failure } : sample));
}

const errors = { loses: 'errors', leastReady: 2 } as const;
const half = { what: 'pods of both versions are ready', at: 4_000 };
const bad: PlayRecord = {
  ...play,
  scene: 'bad-but-ready',
  rollouts: [
    first,
    { ...release, name: 'bad release', completeAt: null, lastOldPodGoneAt: null, reached: half, allowed: errors },
    { ...revert, allowed: errors },
  ],
  samples: lost('HTTP 500', ({ dueAt, version }) => version === 'v2' && dueAt > 5_000),
};

test('errors of a bad version are allowed until its revert is done', () => {
  const { verdict, reasons, allowed } = judge(bad, null);

  expect(reasons).toEqual([]);
  expect(verdict).toBe('passed');
  expect(allowed.requests).toBe(bad.samples.filter(({ failure }) => failure !== null).length);
  expect(allowed.said).toEqual([expect.stringContaining('requests were answered with errors by v2')]);
});

test('nothing else is allowed it: no broken connection, and no error once its last pod is gone', () => {
  const later = lost('HTTP 500', ({ dueAt }) => dueAt > 17_000);
  const broken = lost('ECONNRESET', ({ dueAt }) => dueAt === 6_000);

  expect(judge({ ...bad, samples: later }, null).verdict).toBe('failed');
  expect(judge({ ...bad, samples: broken }, null).verdict).toBe('failed');
});

test('a bad version that answers nothing with an error leaves nothing to judge', () => {
  const { verdict, doubts } = judge({ ...bad, samples }, null);

  expect(verdict).toBe('inconclusive');
  expect(doubts).toEqual([expect.stringContaining('the scene was not played')]);
});

const killedAt = 6_000;
const kill: PlayedRollout = {
  ...first,
  name: 'pod killed',
  from: 'v1',
  pushedAt: killedAt,
  syncedAt: killedAt,
  completeAt: 9_000,
  lastOldPodGoneAt: 9_000,
  reached: { what: 'all pods are ready again', at: 9_000 },
  allowed: { loses: 'killed', leastReady: 1, killed: { pod: 'web-1', of: 2, lagMs: 1_000 } },
};

function killed(isLost: (sample: Sample) => boolean): PlayRecord {
  const v1 = lost('ECONNREFUSED', isLost).map((sample) => ({
    ...sample,
    version: sample.failure === null ? 'v1' : null,
  }));
  const observed = [...play.observed, endpoints(6_500, 1), endpoints(9_000, 2)];
  return { ...play, scene: 'pod-killed', rollouts: [first, kill], observed, samples: v1 };
}

test('a killed pod takes along what was open on it and its share of what was sent until the traffic knew', () => {
  // 1.5 s at 20 a second, half of which meet the pod, and four standard deviations.
  const { verdict, reasons, allowed } = judge(
    killed(({ dueAt }) => dueAt >= killedAt && dueAt < 7_500 && dueAt % 100 === 0),
    null,
  );

  expect(reasons).toEqual([]);
  expect(verdict).toBe('passed');
  expect(allowed.said).toEqual([
    expect.stringContaining('15 of 30 that were sent until the traffic knew, 1.5 s later'),
  ]);
  expect(allowed.said.join()).toContain('1 of 2 pods may cost 26 at most');
});

test('more than the share of the pod is not allowed', () => {
  const { verdict, reasons } = judge(
    killed(({ dueAt }) => dueAt >= killedAt && dueAt < 7_500),
    null,
  );

  expect(verdict).toBe('failed');
  expect(reasons[0]).toContain('With 1 of 2 pods killed at most 26 requests may be lost');
});

test('what is lost once the traffic knows is not allowed', () => {
  expect(
    judge(
      killed(({ dueAt }) => dueAt === 8_000),
      null,
    ).verdict,
  ).toBe('failed');
});
