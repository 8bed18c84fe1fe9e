import { expect, test } from 'vitest';
import { git, GitError, gitEnvironment, gitText } from '../../release/git.ts';
import { emptyRepository } from './repository.ts';

test('returns what git prints, with and without the last line end', async () => {
  const { directory, write, commit } = emptyRepository();
  write('a.txt', 'one\n\n');
  commit('Begin');
  expect(await git(directory, 'show', 'HEAD:a.txt')).toBe('one');
  expect(await gitText(directory, 'show', 'HEAD:a.txt')).toBe('one\n\n');
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

test('works where it is told to, also when started by a hook of another repository', () => {
  const inHook = { PATH: '/bin', GIT_DIR: '/other/.git', GIT_INDEX_FILE: 'index', GIT_AUTHOR_NAME: 'Ada' };
  expect(gitEnvironment(inHook)).toEqual({ PATH: '/bin', GIT_AUTHOR_NAME: 'Ada', GIT_TERMINAL_PROMPT: '0' });
});
