import { expect, test } from 'vitest';
import { judge } from '../../../release/verify/judge.ts';
import { application, deployment, expecting, hash, pod, rolledOut } from './sample.ts';

const expected = expecting(hash('a'));
const none: ReadonlySet<string> = new Set();
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

test('waits while there is hope', () => {
  expect(judge(progressing, expected, none)).toBeNull();
  expect(judge({ application: null, deployment: null, pods: [] }, expected, none)).toBeNull();
});

test('gives a pod that fails as the reason, and a deadline that has passed', () => {
  expect(judge({ ...progressing, pods: [pod('1.2.4', 'failed')] }, expected, none)).toEqual({
    kind: 'failing',
    reason: `Pod web-1.2.4-failed of ${expected.image} fails.`,
  });
  const late = { ...progressing, deployment: { ...deployment, updated: 0, failure: 'ProgressDeadlineExceeded' } };
  expect(judge(late, expected, none)).toMatchObject({
    kind: 'failing',
    reason: expect.stringContaining('ProgressDeadlineExceeded'),
  });
});

test('tells what Argo CD says from what pods say', () => {
  const conditions = [{ type: 'ComparisonError', message: 'field is immutable' }];
  const refused = { ...progressing, application: { ...application, sync: 'Unknown' as const, conditions } };
  expect(judge(refused, expected, none)).toEqual({
    kind: 'refused',
    reason: 'Argo CD says ComparisonError: field is immutable',
  });
});

test('asks about another commit before anything else, once', () => {
  const elsewhere = {
    ...progressing,
    application: { ...application, revision: hash('b') },
    pods: [pod('1.2.4', 'failed')],
  };
  expect(judge(elsewhere, expected, none)).toEqual({ kind: 'elsewhere', commit: hash('b') });
  expect(judge(elsewhere, expected, new Set([hash('b')]))).toMatchObject({ kind: 'failing' });
});
