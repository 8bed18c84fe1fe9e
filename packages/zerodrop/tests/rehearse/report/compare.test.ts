import { expect, test } from 'vitest';
import { compare, comparisonTable, reordered, stepsOf } from '../../../src/rehearse/report/compare.ts';
import type { Report, RolloutFigures, SeenPod, TimelineEntry } from '../../../src/rehearse/report/schema.ts';
import { play } from '../verdict/small.ts';

const release: RolloutFigures = {
  name: 'release',
  revision: 'a'.repeat(40),
  from: 'v1',
  to: 'v2',
  replicas: 2,
  maxSurge: 1,
  maxUnavailable: 0,
  committedAtMs: 1_000,
  syncedAfterMs: 500,
  firstAnswerAfterMs: null,
  completeAfterMs: null,
  lastOldPodGoneAfterMs: null,
  boundMs: 10_000,
  requests: 100,
  failed: 0,
  latencyMs: { p50: 1, p99: 2, max: 3 },
  slow: 0,
  longestGapMs: 10,
  minimumReadyPods: 2,
};

function pods(atMs: number, ...of: readonly (readonly [string, SeenPod['state']])[]): TimelineEntry {
  return {
    atMs,
    kind: 'pods',
    pods: of.map(([version, state], index) => ({ name: `${index}`, replicaSet: version, version, state })),
  };
}

function report(target: string, failed: number, ...timeline: readonly TimelineEntry[]): Report {
  const latencyMs = { p50: 1, p99: 2, max: 3 };
  const client = { kind: 'keep-alive', rate: 100, sent: 100, failed, failures: {}, latencyMs, latenessMs: latencyMs };
  return {
    schema: 1,
    scene: 'release-and-revert',
    allowed: { requests: 0, said: [] },
    target,
    settings: 'ours',
    verdict: failed === 0 ? 'passed' : 'failed',
    reasons: [],
    checks: [],
    doubts: [],
    detection: null,
    slowMs: 1_000,
    asked: { request: 'POST /echo; right is a status of 200', version: 'the header x-version' },
    numbers: play.numbers,
    steady: { requests: 0, latencyMs },
    warnings: [],
    notRun: [],
    control: null,
    durationMs: 10_000,
    clients: [{ ...client, kind: 'keep-alive' }],
    rollouts: [release],
    timeline,
  };
}

const synced: TimelineEntry = { atMs: 1_500, kind: 'mark', mark: 'synced', rollout: 'release', version: 'v2' };
const timeline = [
  pods(500, ['v1', 'ready'], ['v1', 'ready'], ['v2', 'ready']),
  synced,
  pods(2_000, ['v1', 'ready'], ['v1', 'ready'], ['v2', 'starting']),
  pods(3_000, ['v1', 'ready'], ['v1', 'ready'], ['v2', 'ready']),
  pods(4_000, ['v1', 'terminating'], ['v1', 'ready'], ['v2', 'ready'], ['v2', 'pending']),
  pods(5_000, ['v1', 'ready'], ['v2', 'ready'], ['v2', 'pending']),
];

test('a rollout is told by what happened first, from its push on', () => {
  expect(stepsOf(report('embedded', 0, ...timeline), release)).toEqual([
    { what: 'synced', afterMs: 500 },
    { what: 'new pod 1 made', afterMs: 1_000 },
    { what: 'new pod 1 ready', afterMs: 2_000 },
    { what: 'new pod 2 made', afterMs: 3_000 },
    { what: 'old pod 1 stopped', afterMs: 3_000 },
    { what: 'old pod 1 gone', afterMs: 4_000 },
  ]);
});

test('what the next rollout brings is not of this one', () => {
  const next = { ...release, name: 'revert', committedAtMs: 2_500 };
  const both = { ...report('embedded', 0, ...timeline), rollouts: [release, next] };

  expect(stepsOf(both, release).map(({ what }) => what)).toEqual(['synced', 'new pod 1 made']);
});

test('two plays are put side by side, with what only one of them showed', () => {
  const { embedded, real, rollouts } = compare(report('embedded', 0, ...timeline), report('context:lab', 2, synced));

  expect([embedded.failed, real.failed]).toEqual([0, 2]);
  expect(rollouts[0]?.steps.slice(0, 2)).toEqual([
    { what: 'synced', embeddedAfterMs: 500, realAfterMs: 500 },
    { what: 'new pod 1 made', embeddedAfterMs: 1_000, realAfterMs: null },
  ]);
});

function at(...times: readonly (readonly [string, number])[]) {
  return times.map(([what, afterMs]) => ({ what, afterMs }));
}

test.each([
  ['the same order', at(['a', 0], ['b', 500]), at(['a', 0], ['b', 900]), []],
  ['steps of one alone', at(['a', 0], ['x', 400], ['b', 900]), at(['a', 0], ['b', 500], ['y', 900]), []],
  ['another order', at(['b', 0], ['a', 500]), at(['a', 0], ['b', 500]), ['b before a']],
  ['together in both', at(['b', 0], ['a', 0]), at(['a', 0], ['b', 200]), []],
])('%s', (_, one, other, told) => {
  expect(reordered(one, other)).toEqual(told);
});

test('the table says verdicts, losses, times and the order', () => {
  const later = timeline.map((entry) => ({ ...entry, atMs: entry.atMs + (entry.kind === 'pods' ? 250 : 0) }));
  const table = comparisonTable(compare(report('embedded', 0, ...timeline), report('context:lab', 0, ...later)));

  expect(table).toMatch(/requests lost +0 of 100 +0 of 100/);
  expect(table).toMatch(/new pod 1 ready +2\.0 s +2\.3 s +\+0\.3 s/);
  expect(table).toContain('Order of the release: the same.');
});
