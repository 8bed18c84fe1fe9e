import { expect, test } from 'vitest';
import { progress, stuck } from '../../../release/verify/standing-words.ts';
import { application, deployment, expecting, hash, pod, rolledOut } from './sample.ts';

test('tells how far a rollout is', () => {
  expect(progress(rolledOut)).toBe('Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1');
  const pods = [pod('1.2.3', 'terminating'), pod('1.2.4', 'ready')];
  expect(progress({ ...rolledOut, pods })).toBe(
    'Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1, 1 terminating',
  );
  expect(progress({ application: { ...application, revision: null }, deployment: null, pods: [] })).toBe(
    'Synced at no commit yet, Healthy, no Deployment',
  );
  expect(progress({ application: null, deployment: null, pods })).toBe('the Application does not exist');
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
