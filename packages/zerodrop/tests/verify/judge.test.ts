import { expect, test } from 'vitest';
import { judge, progress, stuck } from '../../src/verify/follow.ts';
import { application, deployment, expecting, hash, pod, rolledOut } from './sample.ts';

const expected = expecting(hash('a'));
const none: ReadonlyMap<string, boolean> = new Map();
const progressing = {
  ...rolledOut,
  application: { ...application, health: 'Progressing' as const },
  deployment: { ...deployment, updated: 0, settled: false },
};

test('knows what is rolled out', () => {
  expect(judge(rolledOut, expected, none)).toEqual({ kind: 'rolled-out' });
});

test('waits for the last old pod', () => {
  expect(
    judge({ ...rolledOut, pods: [pod('1.2.4', 'ready'), pod('1.2.3', 'terminating')] }, expected, none),
  ).toBeNull();
});

test('waits while it is on its way', () => {
  expect(judge(progressing, expected, none)).toBeNull();
  const unseen = { ...application, revision: null, phaseRevision: null };
  expect(judge({ ...rolledOut, application: unseen }, expected, none)).toBeNull();
  expect(judge({ application: null, deployment: null, pods: [] }, expected, none)).toBeNull();
});

test('asks about another commit before anything else, once', () => {
  const elsewhere = { ...rolledOut, application: { ...application, revision: hash('b') } };
  expect(judge(elsewhere, expected, none)).toEqual({ kind: 'elsewhere', commit: hash('b'), isCompared: true });
  expect(judge(elsewhere, expected, new Map([[hash('b'), false]]))).toBeNull();
});

test('asks about the commit that was synced, where it is another than the one that was compared', () => {
  const synced = { ...rolledOut, application: { ...application, phaseRevision: hash('b') } };
  expect(judge(synced, expected, none)).toEqual({ kind: 'elsewhere', commit: hash('b'), isCompared: false });
  expect(judge(synced, expected, new Map([[hash('b'), false]]))).toEqual({ kind: 'rolled-out' });
});

test('tells how far a rollout is', () => {
  expect(progress(rolledOut, {})).toBe('Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1');
  const pods = [pod('1.2.3', 'terminating'), pod('1.2.4', 'ready')];
  expect(progress({ ...rolledOut, pods }, {})).toBe(
    'Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1, 1 terminating',
  );
  expect(progress({ application: { ...application, revision: null }, deployment: null, pods: [] }, {})).toBe(
    'Synced at no commit yet, Healthy, no Deployment',
  );
  expect(progress({ application: null, deployment: null, pods }, {})).toBe('the Application does not exist');
});

test("quotes Argo CD's conditions where it got stuck", () => {
  const conditions = [{ type: 'OrphanedResourceWarning', message: 'something is left.' }];
  expect(stuck({ ...rolledOut, application: { ...application, conditions } }, expecting(hash('b')))).toMatch(
    /^Commit bbbbbbb is not rolled out yet: Synced at aaaaaaa, .* Argo CD reports OrphanedResourceWarning: something is left\.$/,
  );
});

test('says that there is no Deployment yet, and no Application', () => {
  expect(stuck({ ...rolledOut, deployment: null }, expecting(hash('b')))).toBe(
    'Commit bbbbbbb is not rolled out yet: Synced at aaaaaaa, Healthy, no Deployment.',
  );
  expect(stuck({ ...rolledOut, application: null }, expecting(hash('b')))).toMatch(
    /^Argo CD has no Application for it/,
  );
});

test('says what keeps pods from being replaced though nothing fails', () => {
  const paused = { ...deployment, hindrance: 'The Deployment is paused (spec.paused)' };
  expect(stuck({ ...rolledOut, deployment: paused }, expecting(hash('b')))).toContain(
    '1 updated and 1 available of 1. The Deployment is paused (spec.paused).',
  );
});

test('tells of the one object that is looked at', () => {
  const [unmanaged, alone] = [{ application: null }, { deployment: null, pods: [] }];
  expect(progress({ ...rolledOut, ...unmanaged }, { only: 'deployment' })).toBe('1 updated and 1 available of 1');
  expect(progress({ ...rolledOut, ...alone }, { only: 'application' })).toBe('Synced at aaaaaaa, Healthy');
  const waiting = { ...expecting(hash('b')), only: 'deployment' } as const;
  expect(stuck({ ...rolledOut, ...unmanaged }, waiting)).toBe(
    'Commit bbbbbbb is not rolled out yet: 1 updated and 1 available of 1.',
  );
  const nothing = { application: null, deployment: null, pods: [] };
  expect(judge({ ...rolledOut, ...unmanaged }, { ...expected, only: 'deployment' }, new Map())).toEqual({
    kind: 'rolled-out',
  });
  expect(judge({ ...rolledOut, ...alone }, { ...expected, only: 'application' }, new Map())).toEqual({
    kind: 'rolled-out',
  });
  for (const only of ['application', 'deployment'] as const) {
    expect(judge(nothing, { ...expected, only }, new Map())).toBeNull();
  }
});
