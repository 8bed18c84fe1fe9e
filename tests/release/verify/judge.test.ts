import { expect, test } from 'vitest';
import { judge } from '../../../release/verify/judge.ts';
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
