import { describe, expect, test } from 'vitest';
import type { PlayRecord } from '../../../src/rehearse/cluster.ts';
import type { Sample } from '../../../src/rehearse/load/schedule.ts';
import { judge } from '../../../src/rehearse/verdict/judge.ts';
import { control, endpoints, first, play, pods, release, revert, samples, withSample } from './small.ts';

describe('the verdict is yes', () => {
  test('when every request had a right answer and the control lost one', () => {
    const report = judge(play, control);

    expect(report.reasons).toEqual([]);
    expect(report.verdict).toBe('passed');
    expect(report.control).toMatchObject({ settings: 'original', requests: 360, failed: 1 });
    expect(report.warnings).toEqual([]);
  });

  test('without a control, with a warning', () => {
    const report = judge(play, null);

    expect(report).toMatchObject({ verdict: 'passed', control: null });
    expect(report.warnings).toEqual([
      'Played without its control: nothing here shows that a loss would have been seen.',
    ]);
  });

  test('when a client was a little late, with a warning', () => {
    const report = judge(lateBy(new Set([2_100, 2_200]), 30), control);

    expect(report.verdict).toBe('passed');
    expect(report.warnings).toEqual([
      'The keep-alive client was late: 30.0 ms at the 99th percentile. Its times are blurred by as much.',
    ]);
  });

  test('when an old version answers until its last pod is gone, and one answer is still on its way then', () => {
    expect(judge(withSample(7_950, { sentAt: 7_999, endedAt: 8_020, version: 'v1' }), control).reasons).toEqual([]);
  });

  test('when a capacity that was too low had recovered before the push', () => {
    const observed = [pods(500, 'starting', 'ready'), pods(1_500, 'ready', 'ready'), endpoints(1_500, 2)];
    expect(judge({ ...play, observed }, control).reasons).toEqual([]);
  });
});

/** The play with the requests that were due at these times sent late, by milliseconds. */
function lateBy(due: ReadonlySet<number>, ms: number): PlayRecord {
  const delay = (sample: Sample): Sample => ({ ...sample, sentAt: sample.dueAt + ms, endedAt: sample.dueAt + ms + 1 });
  return { ...play, samples: samples.map((sample) => (due.has(sample.dueAt) ? delay(sample) : sample)) };
}

describe('the verdict is no, for one reason', () => {
  test.each<[string, PlayRecord, string]>([
    [
      'a request was lost in a rollout',
      withSample(3_000, { version: null, failure: 'ECONNRESET' }),
      '1 of 360 requests failed: 1 ECONNRESET. The first: a keep-alive request due 3.0 s into the run, 1.0 s after the push of v2 (release).',
    ],
    [
      'a request was lost before any rollout',
      withSample(1_050, { version: null, failure: 'HTTP 503' }),
      '1 of 360 requests failed: 1 HTTP 503. The first: a new-connection request due 1.1 s into the run, before any rollout.',
    ],
    [
      'an answer carried a wrong body',
      withSample(11_000, { failure: 'wrong body' }),
      '1 answer not what was asked for: 1 wrong body. The first: a keep-alive request due 11.0 s into the run, 1.0 s after the push of v1 (revert).',
    ],
    [
      'the new version answered before its push',
      withSample(1_500, { version: 'v2' }),
      'v2 gave 1 answer before its commit was pushed, the first 1.5 s into the run.',
    ],
    [
      'the old version answered after its last pod was gone',
      withSample(8_500, { version: 'v1' }),
      'v1 gave 1 answer after its last pod was gone, the first 8.5 s into the run.',
    ],
    [
      'the version that was reverted answered after its last pod was gone',
      withSample(17_000, { version: 'v2' }),
      'v2 gave 1 answer after its last pod was gone, the first 17.0 s into the run.',
    ],
    [
      'a version answered that nobody deployed',
      withSample(3_000, { version: 'v9' }),
      'v9 gave 1 answer though no rollout brings it, the first 3.0 s into the run.',
    ],
    [
      'a rollout never completed',
      {
        ...play,
        rollouts: [
          first,
          release,
          { ...revert, completeAt: null, lastOldPodGoneAt: null, failure: 'Pod web-1 of web:v1 fails.' },
        ],
      },
      'The revert of v1 never completed. Pod web-1 of web:v1 fails.',
    ],
    [
      'the old pods were not seen to go',
      { ...play, rollouts: [first, release, { ...revert, lastOldPodGoneAt: null }] },
      'The revert of v1 completed, but its last old pod was not seen to go, so nothing says that it lost nothing.',
    ],
    [
      'a pod less was ready for a moment',
      { ...play, observed: [...play.observed, pods(4_000, 'ready', 'terminating'), pods(4_001, 'ready', 'ready')] },
      'Capacity fell to 1 of 2 ready pods during the release of v2.',
    ],
    [
      'an endpoint less was published for a moment',
      { ...play, observed: [...play.observed, endpoints(12_000, 1), endpoints(12_001, 2)] },
      'Capacity fell to 1 of 2 ready pods during the revert of v1.',
    ],
    [
      'a kind of client sent nothing',
      { ...play, samples: samples.filter(({ kind }) => kind === 'keep-alive') },
      'No request was sent by the new-connection client.',
    ],
  ])('%s', (_, record, reason) => {
    const report = judge(record, control);

    expect(report.reasons).toEqual([reason]);
    expect(report.verdict).toBe('failed');
  });

  test('more than a hundredth of a client was too late', () => {
    const late = new Set([2_100, 2_200]);
    const report = judge(lateBy(late, 105), control);

    expect(report.reasons).toEqual([
      'The keep-alive client was too late to be trusted: 105.0 ms at the 99th percentile, more than 100 ms. Rehearse on a less busy machine or with a lower --rate.',
    ]);
  });

  test('nothing was seen of the pods', () => {
    expect(judge({ ...play, observed: [] }, control).reasons).toEqual([
      'Nothing was seen of the pods during the release of v2, so its capacity is unknown.',
      'Nothing was seen of the pods during the revert of v1, so its capacity is unknown.',
    ]);
  });

  test('the load did not cover the rollouts', () => {
    const within = samples.filter(({ dueAt }) => dueAt > 3_000 && dueAt < 15_000);
    expect(judge({ ...play, samples: within }, control).reasons).toEqual([
      'The load of the keep-alive client began after the first push.',
      'The load of the keep-alive client ended before the last old pod was gone.',
      'The load of the new-connection client began after the first push.',
      'The load of the new-connection client ended before the last old pod was gone.',
    ]);
  });

  test('the control lost nothing: it cannot see', () => {
    expect(judge(play, { ...play, settings: 'original' }).reasons).toEqual([
      'The control, with the original settings, must lose requests in its rollouts and lost none (0 of 360 in all): the rehearsal cannot see a loss, so its figures prove nothing.',
    ]);
  });

  test('the control lost something, but not in a rollout', () => {
    const early = { ...withSample(1_500, { version: null, failure: 'ECONNREFUSED' }), settings: 'original' } as const;
    const report = judge(play, early);

    expect(report.reasons).toHaveLength(1);
    expect(report.reasons[0]).toContain('lost none there (1 of 360 in all)');
    expect(report.warnings).toEqual([
      'The control lost 1 of 360 requests before its first push: something else than a rollout loses requests here.',
    ]);
  });
});

test('a first deployment that never came up has its own reason', () => {
  const rollouts = [
    { ...first, completeAt: null, lastOldPodGoneAt: null, failure: 'Argo CD calls the application Degraded.' },
  ];
  const report = judge({ ...play, rollouts, samples: [] }, null);

  expect(report.reasons).toEqual([
    'The first deployment of v1 never completed. Argo CD calls the application Degraded.',
    'No request was sent by the keep-alive client.',
    'No request was sent by the new-connection client.',
  ]);
  expect(report.rollouts).toEqual([]);
});

test('the original settings are judged like ours, without a control and without a warning about it', () => {
  const report = judge({ ...control, settings: 'original' }, null);

  expect(report).toMatchObject({ settings: 'original', verdict: 'failed', control: null, warnings: [] });
});

test('what the target could not run is named once, in order', () => {
  const notRun = ['PodDisruptionBudget/web', 'NetworkPolicy/web', 'NetworkPolicy/web'];
  const observed = [...play.observed, ...notRun.map((object) => ({ at: 0, kind: 'not-run', object }) as const)];

  expect(judge({ ...play, observed }, control).notRun).toEqual(['NetworkPolicy/web', 'PodDisruptionBudget/web']);
});
