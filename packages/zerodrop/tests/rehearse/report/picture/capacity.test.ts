import { expect, test } from 'vitest';
import { capacityBand } from '../../../../src/rehearse/report/picture/bands.ts';
import { frameOf } from '../../../../src/rehearse/report/picture/frame.ts';
import type { TimelineEntry } from '../../../../src/rehearse/report/schema.ts';
import { small } from '../reports.ts';

const endpoints = (atMs: number, ready: number): TimelineEntry => ({ atMs, kind: 'endpoints', ready });
const frame = frameOf('test', 1_048, [0, 20_000]);
const missing = (timeline: readonly TimelineEntry[]): number =>
  capacityBand(frame, { ...small, timeline }).svg.split('class="missing"').length - 1;

test('what is missing of the replicas asked for is filled', () => {
  expect(missing([endpoints(0, 2), endpoints(5_000, 3), endpoints(6_000, 2)])).toBe(0);
  expect(missing([endpoints(0, 2), endpoints(5_000, 1), endpoints(6_000, 2)])).toBe(1);
});

test('ready pods stand in where no endpoint was told of', () => {
  const pod = { name: 'web-0', replicaSet: 'web-a', version: 'v1' };
  const pods = [
    { ...pod, state: 'ready' },
    { ...pod, name: 'web-1', state: 'starting' },
  ] as const;
  expect(missing([{ atMs: 0, kind: 'pods', pods }])).toBe(1);
});
