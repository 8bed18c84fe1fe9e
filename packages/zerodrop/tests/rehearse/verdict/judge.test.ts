import { describe, expect, test } from 'vitest';
import type { PlayRecord } from '../../../src/rehearse/cluster.ts';
import { lateRollouts } from '../../../src/rehearse/verdict/reasons.ts';
import { judge } from './judged.ts';
import { control, endpoints, first, lateBy, play, pods, release, revert, samples, withSample } from './small.ts';

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
      '1 of 360 requests failed before the first push, so no rollout is their cause: 1 HTTP 503. The first: a new-connection request due 1.1 s into the run, before any rollout.',
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
      'an answer came later than the bar',
      withSample(3_000, { endedAt: 11_000 }),
      '1 of 360 requests were answered later than 1000.0 ms (--slow-ms). The slowest took 8.0 s: a keep-alive request due 3.0 s into the run, 1.0 s after the push of v2 (release). Before the first push 99 % took at most 2.0 ms.',
    ],
  ])('%s', (_, record, reason) => {
    const report = judge(record, control);

    expect(report.reasons).toEqual([reason]);
    expect(report.verdict).toBe('failed');
  });

  test('nothing was seen of the pods', () => {
    expect(judge({ ...play, observed: [] }, control).reasons).toEqual([
      'Nothing was seen of the pods during the release of v2, so its capacity is unknown.',
      'Nothing was seen of the pods during the revert of v1, so its capacity is unknown.',
    ]);
  });

  test('a kind of client got no answer for long, though its requests were due seldom', () => {
    const seldom = samples.filter(({ kind, dueAt }) => kind !== 'keep-alive' || dueAt < 3_000 || dueAt > 5_000);
    expect(judge({ ...play, samples: seldom }, control).reasons).toEqual([
      'The keep-alive client got no answer for 2.2 s during the release of v2, 0.9 s after its push.',
    ]);
  });
});

test('a loss with a drain shorter than the lag names the setting', () => {
  const numbers = { ...play.numbers, endpointLagMs: 8_000 };
  const lost = { ...withSample(9_000, { version: null, failure: 'ECONNREFUSED' }), numbers };

  expect(judge(lost, control).reasons[1]).toBe(
    "The drain of 5.0 s is over before the traffic has turned away: an endpoint's change takes 8.0 s (--endpoint-lag-ms). Set the drain to more than that: DRAIN_MS.",
  );
  expect(judge({ ...play, numbers }, control).reasons).toEqual([]);
  // What this machine could not send, no drain would have saved.
  const unsent = { ...withSample(9_000, { version: null, failure: 'EMFILE' }), numbers };
  expect(judge(unsent, control).reasons).toEqual([]);
});

test('what was played and is not committed is a warning', () => {
  const numbers = { ...play.numbers, played: { ...play.numbers.played, drainMs: 8_000, graceSeconds: 23 } };
  const report = judge({ ...play, numbers }, control);

  expect(report.warnings).toEqual([
    'Played with the drain in ms 8000. Committed is 5000.',
    'Played with terminationGracePeriodSeconds 23. Committed is 20.',
  ]);
  expect(report.numbers).toEqual(numbers);
});

test('a rollout that makes answers much slower is worth a warning', () => {
  const slower = samples.map((sample) =>
    sample.dueAt > 3_000 && sample.dueAt < 4_000 ? { ...sample, endedAt: sample.dueAt + 400 } : sample,
  );
  const report = judge({ ...play, samples: slower }, control);

  expect(report.verdict).toBe('passed');
  expect(report.warnings).toEqual([
    'Answers took 400.0 ms at the 99th percentile during the release of v2, and 2.0 ms before the first push.',
  ]);
});

test('a first deployment that never came up has its own reason', () => {
  const rollouts = [
    { ...first, completeAt: null, lastOldPodGoneAt: null, failure: 'Argo CD calls the application Degraded.' },
  ];
  const report = judge({ ...play, rollouts, samples: [] }, null);

  expect(report.reasons).toEqual([
    'The first deployment of v1 never completed. Argo CD calls the application Degraded.',
  ]);
  expect(report.verdict).toBe('failed');
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

test.each([
  [1.2, 0, 0],
  [2, 0, 1],
  [3.5, 1, 0],
])('a rollout that takes %f times as long as forecast gives %i reasons and %i warnings', (times, reasons, warnings) => {
  const late = { ...release, boundMs: 10_000, syncedAt: 0, completeAt: times * 10_000 };
  const told = (as: 'reason' | 'warning') => lateRollouts({ ...play, rollouts: [late] }, as);
  expect([told('reason').length, told('warning').length]).toEqual([reasons, warnings]);
});
