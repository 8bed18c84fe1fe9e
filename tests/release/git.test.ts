import { expect, test } from 'vitest';
import { git, gitBytes, GitError } from '../../release/git.ts';
import { emptyRepository } from './repository.ts';

test('returns what git prints, with and without the last line end', async () => {
  const { directory, write, commit } = emptyRepository();
  write('a.txt', 'one\n\n');
  commit('Begin');
  expect(await git(directory, 'show', 'HEAD:a.txt')).toBe('one');
  expect((await gitBytes(directory, '', 'show', 'HEAD:a.txt')).toString()).toBe('one\n\n');
});

test("quotes git's own words", async () => {
  const { directory } = emptyRepository();
  const failed = git(directory, 'switch', 'nowhere');
  await expect(failed).rejects.toThrow(/^git switch failed in \/.+: .+nowhere/);
  await expect(failed).rejects.toThrow(GitError);
});

test('takes arguments as they are', async () => {
  const { directory, git: run } = emptyRepository();
  await git(directory, 'config', 'test.value', '$(false) "a b" *');
  expect(run('config', 'test.value')).toBe('$(false) "a b" *');
});

test('gives a program that asks no answer, instead of waiting', async () => {
  const { directory } = emptyRepository();
  expect(await git(directory, '-c', 'alias.ask=!cat', 'ask')).toBe('');
});
