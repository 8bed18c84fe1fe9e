import { describe, expect, test } from 'vitest';
import type { PlayRecord } from '../../../src/rehearse/cluster.ts';
import { judge } from './judged.ts';
import { control, endpoints, lateBy, play, samples, withSample, first, release } from './small.ts';

/** The play in which the machine stalled while v2 was rolled out. */
function stalled(record: PlayRecord): PlayRecord {
  return { ...record, observed: [...record.observed, { at: 2_900, kind: 'stalled', part: 'load balancer', ms: 700 }] };
}

const lostOne = withSample(3_000, { version: null, failure: 'ECONNRESET' });

describe('the verdict is neither, for one doubt', () => {
  test.each<[string, PlayRecord, string]>([
    [
      'a client sent nothing for a while, and may have slept through an outage',
      lateBy(new Set([2_100]), 380),
      'The keep-alive client was silent for 380.0 ms in one go, 2.1 s into the run, which is more than 100 ms: a loss at that time was not seen. Rehearse on a less busy machine or with a lower --rate.',
    ],
    [
      'a kind of client sent nothing at all',
      { ...play, samples: samples.filter(({ kind }) => kind === 'keep-alive') },
      'No request was sent by the new-connection client.',
    ],
    [
      'a request was never sent, because the client had no file left for it',
      withSample(3_000, { version: null, failure: 'EMFILE' }),
      '1 of 360 requests were never sent, because this machine could not: 1 EMFILE. Give it more open files or ports (ulimit -n), check the name of the address, or lower --rate.',
    ],
    [
      'a pod was not ready before the push',
      { ...play, observed: [...play.observed, endpoints(1_200, 1), endpoints(1_900, 2)] },
      'Before the release only 1 of 2 pods were ready, so it did not start from a steady state.',
    ],
    [
      'a request was lost while the machine stalled',
      stalled(lostOne),
      'This machine was too busy: it stalled 1 time under load, the longest for 700 ms, in the process of the load balancer, 2.9 s into the run. What was lost or late may be its doing. Rehearse on a less busy machine.',
    ],
  ])('%s', (_, record, doubt) => {
    expect(judge(record, control)).toMatchObject({ verdict: 'inconclusive', doubts: [doubt] });
  });

  test('a request was lost while the client was silent: what kept it from sending may have cost the loss', () => {
    const silent = lateBy(new Set([2_100]), 380).samples;
    const lost = silent.map((sample) =>
      sample.dueAt === 3_000 ? { ...sample, version: null, failure: 'ECONNRESET' } : sample,
    );
    const { verdict, reasons, doubts } = judge({ ...play, samples: lost }, control);

    expect(verdict).toBe('inconclusive');
    expect(reasons[0]).toContain('1 of 360 requests failed: 1 ECONNRESET.');
    expect(doubts[0]).toContain('The keep-alive client was silent for 380.0 ms');
  });

  test('the load did not cover the rollouts', () => {
    const within = samples.filter(({ dueAt }) => dueAt > 3_000 && dueAt < 15_000);
    expect(judge({ ...play, samples: within }, control).doubts).toEqual([
      'The load of the keep-alive client began after the first push.',
      'The load of the keep-alive client ended before the last old pod was gone.',
      'The load of the new-connection client began after the first push.',
      'The load of the new-connection client ended before the last old pod was gone.',
    ]);
  });

  test('the control lost nothing: it cannot see', () => {
    expect(judge(play, { ...play, settings: 'original' })).toMatchObject({
      verdict: 'inconclusive',
      doubts: [
        'The control, the settings of the original, must lose requests in its rollouts and lost none (0 of 360 in all): the rehearsal cannot see a loss, so its figures prove nothing.',
      ],
    });
  });

  test('the control lost something, but not in a rollout', () => {
    const early = { ...withSample(1_500, { version: null, failure: 'ECONNREFUSED' }), settings: 'original' } as const;
    const report = judge(play, early);

    expect(report.doubts).toHaveLength(1);
    expect(report.doubts[0]).toContain('lost none there (1 of 360 in all)');
    expect(report.warnings).toEqual([
      'The control lost 1 of 360 requests before its first push: something else than a rollout loses requests here.',
    ]);
  });

  test('the client of the control was silent', () => {
    const samplesOfControl = lateBy(new Set([2_100]), 380).samples.map((sample) =>
      sample.dueAt === 3_000 ? { ...sample, version: null, failure: 'ECONNREFUSED' } : sample,
    );
    const report = judge(play, { ...control, samples: samplesOfControl });

    expect(report.verdict).toBe('inconclusive');
    expect(report.doubts[0]).toContain('The control: The keep-alive client was silent for 380.0 ms');
  });
});

describe('a calibration', () => {
  const reset = { version: null, failure: 'ECONNRESET' } as const;
  const broken = [1_100, 1_150].map((at) => ({ at, port: samples.find(({ dueAt }) => dueAt === at)?.port ?? 0 }));
  const calibration = { wanted: 2, broken };
  /** The play in which these requests, by when they were due, were found to be broken. */
  const found = (...due: readonly number[]): PlayRecord => ({
    ...play,
    calibration,
    samples: samples.map((sample) => (due.includes(sample.dueAt) ? { ...sample, ...reset } : sample)),
  });

  test('that found exactly what was broken on purpose passes, and its requests are in no figure', () => {
    const report = judge(found(1_100, 1_150), control);
    expect(report).toMatchObject({ verdict: 'passed', doubts: [], reasons: [] });
    expect(report.clients.map(({ sent, failed }) => [sent, failed])).toEqual([
      [179, 0],
      [179, 0],
    ]);
  });

  test('that found less makes a 0 lost inconclusive', () => {
    expect(judge(found(1_100), control)).toMatchObject({
      verdict: 'inconclusive',
      doubts: [
        'The calibration broke 2 connections on purpose, and 1 of them were found, none of the new-connection client: what was lost may not have been seen.',
      ],
    });
  });

  test('that found more has found a loss before the push', () => {
    const report = judge(found(1_100, 1_150, 1_200), control);
    expect(report).toMatchObject({ verdict: 'failed', doubts: [] });
    expect(report.reasons[0]).toContain('1 of 358 requests failed before the first push');
  });

  test('that could not break what it had to shows nothing', () => {
    const less = { ...found(1_100, 1_150), calibration: { wanted: 6, broken } };
    expect(judge(less, control)).toMatchObject({
      verdict: 'inconclusive',
      doubts: [
        'The calibration could break only 2 of 6 connections, so nothing shows that a loss would have been seen.',
      ],
    });
  });

  test('of the control is asked the same', () => {
    const report = judge(play, { ...control, calibration });
    expect(report.verdict).toBe('inconclusive');
    expect(report.doubts[0]).toContain('The control: The calibration broke 2 connections on purpose, and 0 of them');
  });
});

describe('a doubt does not change what it can’t explain', () => {
  test('a machine that stalled hides no loss: what passed passes', () => {
    expect(judge(stalled(play), control)).toMatchObject({ verdict: 'passed', doubts: [] });
  });

  test('a wrong body is wrong on any machine', () => {
    const wrong = withSample(3_000, { sentAt: 3_380, endedAt: 3_381, failure: 'wrong body' });
    expect(judge(stalled(wrong), control).verdict).toBe('failed');
  });

  test('a loss that was seen needs no control that lost', () => {
    expect(judge(lostOne, { ...play, settings: 'original' }).verdict).toBe('failed');
  });

  test('a loss that was seen needs no load that covers every rollout', () => {
    const early = lostOne.samples.filter(({ dueAt }) => dueAt < 15_000);
    expect(judge({ ...lostOne, samples: early }, control)).toMatchObject({ verdict: 'failed', doubts: [] });
  });

  test('a loss that was seen needs no client of the control that was awake', () => {
    const asleep = { ...control, samples: lateBy(new Set([2_100]), 380).samples };
    expect(judge(lostOne, asleep)).toMatchObject({ verdict: 'failed', doubts: [] });
  });

  test('a machine that stalled before the load is of no account', () => {
    const early = { at: 900, kind: 'stalled', part: 'load balancer', ms: 700 } as const;
    expect(judge({ ...lostOne, observed: [...play.observed, early] }, control).verdict).toBe('failed');
  });
});

test('a rollout that got stuck is a failure on a machine that did its part, and none on one that stalled', () => {
  const stuck = { ...release, completeAt: null, lastOldPodGoneAt: null, failure: 'The Deployment reports a deadline.' };
  const busy = { ...lateBy(new Set([2_100]), 380), rollouts: [first, stuck] };
  const stalls = Array.from(
    { length: 3 },
    (_, n) => ({ at: 3_000 + n, kind: 'stalled', part: 'cluster', ms: 700 }) as const,
  );

  expect(judge(busy, control).verdict).toBe('failed');
  expect(judge({ ...busy, observed: [...busy.observed, ...stalls] }, control).verdict).toBe('inconclusive');
});

test('the detection limit is told from what was sent and what could take it', () => {
  // 10 a second to 2 endpoints: one request in 100 ms, of which every second one goes to the other endpoint.
  expect(judge(play, control).detection).toEqual({
    endpoints: 2,
    newConnectionsPerSecond: 9.4,
    missed: [
      { outageMs: 10, probability: 1 },
      { outageMs: 100, probability: 1 },
      { outageMs: 1_000, probability: 0.002 },
    ],
    seenFromMs: 742,
  });
  expect(judge({ ...play, rollouts: [] }, null).detection).toBeNull();
});

test('a control with the settings of the original says why, where there is no drain to leave out', () => {
  const numbers = { ...play.numbers, committed: { ...play.numbers.committed, drainMs: 0 } };
  expect(judge(play, { ...control, numbers }).warnings).toEqual([
    'No drain is committed (DRAIN_MS), so the control was played with the settings of the original.',
  ]);
});

test('a play that nobody saw to its end is inconclusive, whatever was lost before', () => {
  const unseen = 'The load client ended by itself (SIGKILL): what it saw is incomplete. Rehearse again.';
  expect(judge({ ...play, unseen }, control)).toMatchObject({ verdict: 'inconclusive', doubts: [unseen] });
  const lost = withSample(3_000, { version: null, failure: 'ECONNRESET' });
  expect(judge({ ...lost, unseen }, control)).toMatchObject({ verdict: 'inconclusive', doubts: [unseen] });
});
