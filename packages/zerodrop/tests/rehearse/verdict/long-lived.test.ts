import { expect, test } from 'vitest';
import type { PlayedLongLived, PlayRecord } from '../../../src/rehearse/cluster.ts';
import { get } from '../../../src/rehearse/load/request.ts';
import type { LongLived } from '../../../src/rehearse/load/schedule.ts';
import { longLivedLines } from '../../../src/rehearse/report/words.ts';
import { judge } from './judged.ts';
import { control, play } from './small.ts';

const slow = (startedAt: number, failure: string | null, pod: string | null = 'web-0'): LongLived => ({
  kind: 'slow-request',
  startedAt,
  endedAt: startedAt + 4_200,
  version: 'v1',
  pod,
  port: 1,
  failure,
});

const orders: PlayedLongLived['orders'] = [
  { kind: 'slow-request', request: get('/wait?ms=5000'), perSecond: 3, lastsMs: 5_000 },
  { kind: 'event-stream', request: get('/events'), open: 6 },
];

const played = (ended: readonly LongLived[], closedEarly: 'lost' | 'told' = 'lost'): PlayRecord => ({
  ...play,
  longLived: { orders, ended, closedEarly },
});

test('a slow request that is cut off is lost, and told with its age and pod', () => {
  const report = judge(played([slow(1_500, null), slow(3_000, 'closed'), slow(3_500, 'ECONNRESET')]), control);

  expect(report.verdict).toBe('failed');
  expect(report.reasons).toEqual([
    '2 of 3 slow requests were lost: 1 closed, 1 ECONNRESET. The first was 4.2 s old, 7.2 s into the run, 5.2 s after the push of v2 (release), at pod web-0.',
  ]);
});

test('a stream that is closed early is lost, or only told', () => {
  const stream: LongLived = { ...slow(3_000, 'closed early', null), kind: 'event-stream' };

  expect(judge(played([stream]), control).verdict).toBe('failed');
  const told = judge(played([stream], 'told'), control);
  expect(told.verdict).toBe('passed');
  expect(told.warnings).toEqual([
    "1 of 1 event streams ended without their protocol's end: 1 closed early. The first was 4.2 s old, 7.2 s into the run, 5.2 s after the push of v2 (release).",
  ]);
  expect(judge(played([{ ...stream, failure: 'HTTP 503' }], 'told'), control).verdict).toBe('failed');
});

test('what was asked, and what was open at a pod that was told to end, stand in the report', () => {
  const leaving = {
    at: 4_000,
    kind: 'pods',
    pods: [{ name: 'web-0', replicaSet: 'web-a', image: 'web:v1', state: 'terminating' }],
  } as const;
  const record = played([slow(1_000, null, 'web-1'), slow(2_000, null)]);
  const report = judge({ ...record, observed: [...record.observed, leaving] }, control);

  expect(longLivedLines(report)).toEqual([
    'Beside them slow requests (GET /wait?ms=5000, 3 a second, 5 s each): 0 of 2 lost, 1 were open at a pod that was told to end.',
    'Beside them event streams (GET /events, 6 at a time): 0 of 0 lost.',
  ]);
});
