import { expect, test } from 'vitest';
import { remedy } from '../../../release/publish/remedy.ts';

test.each([
  ['error: GH006: Protected branch update failed for refs/heads/main.\nprotected branch hook declined', /bypass list/],
  ['error: GH013: Repository rule violations found for refs/heads/main.', /bypass list/],
  ['no releases on a Friday\npre-receive hook declined', /hook of the remote/],
  ['deny updating a hidden ref', /^Fix what it complains about/],
])('knows what to do about: %s', (said, what) => {
  expect(remedy(said)).toMatch(what);
});
