import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report, TimelineEntry } from 'zerodrop/rehearse';
import { picture, rehearsalSummary } from '../../pipeline/summary.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-summary-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('a picture that lies beside the report is replaced by one that GitHub draws', async () => {
  const requests = {
    atMs: 0,
    kind: 'requests',
    durationMs: 1_000,
    answers: { one: 5 },
    failed: 0,
    failures: {},
    latencyMs: { p50: 1, p99: 2, max: 3 },
  };
  await writeFile(path.join(directory, 'summary.md'), '## Passed\n\n![The rehearsal](report.svg)\n');
  await writeFile(path.join(directory, 'report.json'), JSON.stringify({ timeline: [requests] }));

  const summary = await rehearsalSummary(directory);

  expect(summary).toMatch(/^## Passed\n\n```mermaid\n/);
  expect(summary).not.toContain('report.svg');
});

test('of a change that rolls nothing out, the words are all that there is', async () => {
  await writeFile(path.join(directory, 'summary.md'), '## Rehearsal not played\n\nNothing rolls out.\n');

  expect(await rehearsalSummary(directory)).toBe('## Rehearsal not played\n\nNothing rolls out.\n');
});

test('a rehearsal that never got to its report is said to have none', async () => {
  await expect(rehearsalSummary(directory)).rejects.toThrow('has no report: the rehearsal ended before it wrote one');
});

function second(atMs: number, answers: Record<string, number>, failed = 0, durationMs = 1_000): TimelineEntry {
  return { atMs, kind: 'requests', durationMs, answers, failed, failures: {}, latencyMs: { p50: 1, p99: 2, max: 3 } };
}

function reported(timeline: readonly TimelineEntry[]): Report {
  const figures = { durationMs: 3_000, clients: [], rollouts: [], timeline };
  const rest = {
    schema: 1,
    target: 'embedded',
    settings: 'ours',
    scene: 'release-and-revert',
    allowed: { requests: 0, said: [] },
    verdict: 'passed',
  } as const;
  const numbers = {
    replicas: 3,
    autoscaler: null,
    maxSurge: 1,
    maxUnavailable: 0,
    minReadySeconds: 5,
    drainMs: 5_000,
    graceSeconds: 20,
  };
  return {
    ...rest,
    ...figures,
    reasons: [],
    checks: [],
    doubts: [],
    detection: null,
    slowMs: 1_000,
    asked: { request: 'POST /echo; right is a status of 200', version: 'the header x-version' },
    numbers: { played: numbers, committed: numbers, endpointLagMs: 1_000, proxy: null, drainSetting: 'DRAIN_MS' },
    steady: { requests: 0, latencyMs: { p50: 0, p99: 0, max: 0 } },
    warnings: [],
    notRun: [],
    control: null,
  };
}

test('each version is a line, failures are the last and red', () => {
  const drawn = picture(
    reported([second(0, { one: 200 }), second(1_000, { one: 120, two: 79 }, 1), second(2_000, { two: 50 }, 0, 250)]),
  );

  expect(drawn.split('\n')).toEqual([
    '```mermaid',
    '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#0969da, #1a7f37, #cf222e"}}}}%%',
    'xychart-beta',
    '  x-axis "seconds" 0 --> 3',
    '  y-axis "requests per second" 0 --> 200',
    '  line [200, 120, 0]',
    '  line [0, 79, 200]',
    '  line [0, 1, 0]',
    '```',
    '',
    '🟦 one · 🟩 two · 🟥 failed',
    '',
  ]);
});

test('a play without load has no picture', () => {
  expect(picture(reported([{ atMs: 0, kind: 'endpoints', ready: 3 }]))).toBe('');
});
