import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../../src/rehearse/report/schema.ts';
import { sparks } from '../../../src/rehearse/report/summary.ts';
import { small } from './reports.ts';

const second = (n: number, answers: Record<string, number>, failed = 0): TimelineEntry => ({
  atMs: n * 1_000,
  kind: 'requests',
  durationMs: 1_000,
  answers,
  failed,
  failures: {},
  latencyMs: { p50: 1, p99: 2, max: 3 },
});

test('one lost request of hundreds is seen', () => {
  const timeline = [second(0, { v1: 200 }), second(1, { v1: 199 }, 1), second(2, { v2: 200 })];
  expect(sparks({ ...small, timeline })).toEqual(['v1    ██', 'v2      █', 'lost   ▁', '      0.0 s   3.0 s']);
});

test('a long play is squeezed into the width of a terminal', () => {
  const timeline = Array.from({ length: 500 }, (_, n) =>
    second(n, n === 499 ? { v1: 199 } : { v1: 200 }, n === 499 ? 1 : 0),
  );
  const [version = '', lost = ''] = sparks({ ...small, timeline });

  expect(version.length).toBeLessThanOrEqual(78);
  expect(lost.trimEnd().endsWith('▁')).toBe(true);
});

test('without a load there is nothing to draw', () => {
  expect(sparks({ ...small, timeline: [] })).toEqual([]);
});
