import { describe, expect, test } from 'vitest';
import { appliedSince, failuresOf } from '../../src/rollout/patience.ts';
import type { RolloutState } from '../../src/rollout/watch.ts';

const commit = 'b'.repeat(40);
const other = 'a'.repeat(40);
const awaited = { commit, image: 'web:v2' };
const since = 100_000;
const application = {
  sync: 'Synced',
  health: 'Progressing',
  healthSince: since,
  revision: commit,
  pending: false,
  phase: 'Succeeded',
  phaseRevision: commit,
  phaseStartedAt: since,
  message: null,
  conditions: [],
} as const;
const deployment = {
  image: 'web:v2',
  replicaSet: 'web-b',
  replicas: 1,
  updated: 1,
  ready: 0,
  available: 0,
  settled: false,
  failure: null,
} as const;
const pod = { name: 'web-1', replicaSet: 'web-b', image: 'web:v2', state: 'failed', createdAt: since } as const;
const progressing: RolloutState = { application, deployment, pods: [] };

function reasons(state: RolloutState, from: number | null = since): string[] {
  return failuresOf(state, awaited, from).map(({ reason }) => reason);
}

describe('a commit is applied', () => {
  test('since its sync, or that of a commit with the same manifests', () => {
    expect(appliedSince(progressing, awaited, () => false)).toBe(since);
    const synced = { ...application, phaseRevision: other };
    expect(appliedSince({ ...progressing, application: synced }, awaited, (it) => it === other)).toBe(since);
  });

  test('since ever where Argo CD finds no difference, though it synced another one last', () => {
    const synced = { ...application, phaseRevision: other };
    expect(appliedSince({ ...progressing, application: synced }, awaited, () => false)).toBe(-Infinity);
  });

  test('since ever where its sync does not say when it began', () => {
    const { phaseStartedAt: _, ...untimed } = application;
    expect(appliedSince({ ...progressing, application: untimed }, awaited, () => false)).toBe(-Infinity);
  });

  test('since ever where no Argo CD applies it, once the Deployment has its image', () => {
    const alone = { ...progressing, application: null };
    expect(appliedSince(alone, { ...awaited, only: 'deployment' }, () => false)).toBe(-Infinity);
    const before = { ...alone, deployment: { ...deployment, image: 'web:v1' } };
    expect(appliedSince(before, { ...awaited, only: 'deployment' }, () => false)).toBeNull();
    expect(appliedSince({ ...alone, deployment: null }, { ...awaited, only: 'deployment' }, () => false)).toBeNull();
  });

  test.each([
    ['it is out of sync', { sync: 'OutOfSync', phaseRevision: other }],
    ['it was compared with another commit', { revision: other, phaseRevision: other }],
    ['it was never synced', { sync: 'OutOfSync', phaseRevision: null }],
  ] as const)('not while %s', (_, change) => {
    expect(
      appliedSince({ ...progressing, application: { ...application, ...change } }, awaited, () => false),
    ).toBeNull();
  });

  test('not where there is no Application', () => {
    expect(appliedSince({ ...progressing, application: null }, awaited, () => true)).toBeNull();
  });
});

describe('a pod that fails', () => {
  test('counts where it is of the newest ReplicaSet and was made by the sync', () => {
    expect(failuresOf({ ...progressing, pods: [{ ...pod, restarts: 2 }] }, awaited, since)).toEqual([
      { subject: 'Pod web-1', reason: 'Pod web-1 of web:v2 fails.', restarts: 2 },
    ]);
  });

  test('is told with the reason that it had then: a moment later its container may run again', () => {
    const failing = { ...pod, failure: 'CrashLoopBackOff' };
    expect(reasons({ ...progressing, pods: [failing] })).toEqual(['Pod web-1 of web:v2 fails: CrashLoopBackOff.']);
  });

  test('counts where it is older and what crashed in it began after the sync', () => {
    const older = { ...pod, createdAt: since - 1 };
    expect(reasons({ ...progressing, pods: [{ ...older, endedRunBeganAt: since + 1 }] })).toHaveLength(1);
    expect(reasons({ ...progressing, pods: [{ ...older, endedRunBeganAt: since }] })).toEqual([]);
    expect(reasons({ ...progressing, pods: [older] })).toEqual([]);
    expect(reasons({ ...progressing, pods: [older] }, -Infinity)).toHaveLength(1);
  });

  test('does not count where it is of another ReplicaSet, though it has the image', () => {
    expect(reasons({ ...progressing, pods: [{ ...pod, replicaSet: 'web-a' }] })).toEqual([]);
  });

  test('does not count before the commit is applied, nor while the Deployment has another image', () => {
    expect(reasons({ ...progressing, pods: [pod] }, null)).toEqual([]);
    expect(reasons({ ...progressing, pods: [pod], deployment: { ...deployment, image: 'web:v1' } })).toEqual([]);
    expect(reasons({ ...progressing, pods: [pod], deployment: null })).toEqual([]);
  });
});

test('a missed deadline counts where it was missed after the sync', () => {
  const missed = { ...deployment, failure: 'ProgressDeadlineExceeded', failedAt: since };
  expect(reasons({ ...progressing, deployment: missed })).toEqual(['The Deployment reports ProgressDeadlineExceeded.']);
  expect(reasons({ ...progressing, deployment: { ...missed, failedAt: since - 1 } })).toEqual([]);
  expect(reasons({ ...progressing, deployment: { ...missed, failedAt: undefined } })).toHaveLength(1);
  expect(reasons({ ...progressing, deployment: missed }, null)).toEqual([]);
});

function reported(change: object, from: number | null = since): string[] {
  return reasons({ ...progressing, application: { ...application, ...change } }, from);
}

describe('what Argo CD reports', () => {
  test('counts where it is an error, before the commit is applied too', () => {
    const conditions = [
      { type: 'ComparisonError', message: 'field is immutable' },
      { type: 'OrphanedResourceWarning', message: 'left' },
    ];
    expect(reported({ conditions }, null)).toEqual(['Argo CD reports ComparisonError: field is immutable']);
  });

  test('counts where the sync of this commit failed', () => {
    const failed = { phase: 'Failed', message: 'not permitted' };
    expect(reported(failed)).toEqual(["Argo CD's sync ended Failed: not permitted"]);
    expect(reported({ ...failed, phase: 'Error', message: null })).toEqual([
      "Argo CD's sync ended Error: without a message",
    ]);
    expect(reported({ ...failed, phaseRevision: other })).toEqual([]);
  });

  test('counts where it became Degraded after the sync', () => {
    const degraded = { health: 'Degraded' };
    expect(reported(degraded)).toEqual(['Argo CD reports the application as Degraded.']);
    expect(reported({ ...degraded, healthSince: since - 1 })).toEqual([]);
    expect(reported({ ...degraded, revision: other })).toEqual([]);
    expect(reported(degraded, null)).toEqual([]);
  });

  test('is nothing where there is no Application', () => {
    expect(reasons({ ...progressing, application: null })).toEqual([]);
  });
});
