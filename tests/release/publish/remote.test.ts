import { expect, test } from 'vitest';
import { pushEnd, remedy } from '../../../release/publish/remote.ts';

/** A failed push of one reference, as `git push --porcelain` prints it. */
const failed = (status: string, stderr = "error: failed to push some refs to '/remote.git'\n") =>
  pushEnd({ exitCode: 1, stdout: `To /remote.git\n!\tHEAD:refs/heads/main\t${status}\nDone\n`, stderr });

test('is done where git is content', () => {
  expect(
    pushEnd({ exitCode: 0, stdout: 'To /remote.git\n \tHEAD:refs/heads/main\tabc..def\nDone\n', stderr: '' }),
  ).toEqual({
    kind: 'done',
  });
});

test.each([
  '[rejected] (fetch first)',
  '[rejected] (non-fast-forward)',
  '[rejected] (stale info)',
  '[remote rejected] (failed to update ref)',
  "[remote rejected] (cannot lock ref 'refs/heads/main': is at abc but expected def)",
  '[remote rejected] (incorrect old value provided)',
])('is lost to another push: %s', (status) => {
  expect(failed(status)).toEqual({ kind: 'lost' });
});

test('is refused with the words of the remote, and without those of git', () => {
  const said = [
    'remote: error: GH006: Protected branch update failed for refs/heads/main.        ',
    'remote: ',
    'remote: - Changes must be made through a pull request.        ',
    "error: failed to push some refs to 'https://github.com/example/zerodrop'",
  ];
  expect(failed('[remote rejected] (protected branch hook declined)', said.join('\n'))).toEqual({
    kind: 'refused',
    said: 'error: GH006: Protected branch update failed for refs/heads/main.\n- Changes must be made through a pull request.\nprotected branch hook declined',
  });
});

test.each([
  [128, '', 'fatal: the remote end hung up unexpectedly'],
  [null, '', 'git push did not end within 60 s and was stopped.'],
  [
    1,
    'To /remote.git\n!\tHEAD:refs/heads/main\t[remote failure] (remote failed to report status)\nDone\n',
    'error: lost',
  ],
])('is broken where no answer came (exit %s)', (exitCode, stdout, stderr) => {
  expect(pushEnd({ exitCode, stdout, stderr })).toEqual({ kind: 'broken', said: stderr });
});

test.each([
  ['error: GH006: Protected branch update failed for refs/heads/main.\nprotected branch hook declined', /bypass list/],
  ['error: GH013: Repository rule violations found for refs/heads/main.', /bypass list/],
  ['no releases on a Friday\npre-receive hook declined', /hook of the remote/],
  ['deny updating a hidden ref', /^Fix what it complains about/],
])('knows what to do about: %s', (said, what) => {
  expect(remedy(said)).toMatch(what);
});
