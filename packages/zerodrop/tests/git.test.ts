import { expect, test } from 'vitest';
import { ProgramError } from '../src/errors.ts';
import { git, gitBytes } from '../src/git.ts';
import { repository } from './repository.ts';

test('returns what git prints, with and without the last line end', async () => {
  const { directory } = repository({ 'a.txt': 'one\n\n' });
  expect(await git(directory, 'show', 'HEAD:a.txt')).toBe('one');
  expect((await gitBytes(directory, '', 'show', 'HEAD:a.txt')).toString()).toBe('one\n\n');
});

test("quotes git's own words", async () => {
  const { directory } = repository({});
  const failed = git(directory, 'switch', 'nowhere');
  await expect(failed).rejects.toThrow(/^git switch failed in \/.+: .+nowhere/);
  await expect(failed).rejects.toThrow(ProgramError);
});

test('takes arguments as they are', async () => {
  const { directory, git: run } = repository({});
  await git(directory, 'config', 'test.value', '$(false) "a b" *');
  expect(run('config', 'test.value').trim()).toBe('$(false) "a b" *');
});

test('gives a program that asks no answer, instead of waiting', async () => {
  const { directory } = repository({});
  expect(await git(directory, '-c', 'alias.ask=!cat', 'ask')).toBe('');
});
