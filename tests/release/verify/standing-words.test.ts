import { expect, test } from 'vitest';
import { progress, stuck } from '../../../release/verify/standing-words.ts';
import { application, expecting, hash, pod, rolledOut } from './sample.ts';

test('tells how far a rollout is', () => {
  expect(progress(rolledOut)).toBe('Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1');
  const pods = [pod('1.2.3', 'terminating'), pod('1.2.4', 'ready')];
  expect(progress({ ...rolledOut, pods })).toBe(
    'Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1, 1 terminating',
  );
  expect(progress({ application: { ...application, revision: null }, deployment: null, pods: [] })).toBe(
    'Synced at no commit yet, Healthy, no Deployment',
  );
});

test("quotes Argo CD's conditions where it got stuck", () => {
  const conditions = [{ type: 'OrphanedResourceWarning', message: 'something is left.' }];
  expect(stuck({ ...rolledOut, application: { ...application, conditions } }, expecting(hash('b')))).toMatch(
    /^Commit bbbbbbb is still not rolled out: Synced at aaaaaaa, .* Argo CD says OrphanedResourceWarning: something is left\.$/,
  );
});
