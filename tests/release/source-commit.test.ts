import { expect, test } from 'vitest';
import { readSourceCommit } from '../../release/source-commit.ts';
import { emptyRepository } from './repository.ts';

test('reads who made a commit, when and why', async () => {
  const { directory, git } = emptyRepository();
  const date = '2026-03-01T10:00:00+01:00';
  git('commit', '--quiet', '--allow-empty', `--date=${date}`, '--message=Answer faster\n\nIn half the time.');
  expect(await readSourceCommit(directory, git('rev-parse', 'HEAD'))).toEqual({
    authorName: 'Ada Test',
    authorEmail: 'ada@example.com',
    date,
    subject: 'Answer faster',
  });
});

test('returns null for a commit that is not here', async () => {
  const { directory, commit } = emptyRepository();
  commit('Begin');
  expect(await readSourceCommit(directory, 'a'.repeat(40))).toBeNull();
});
