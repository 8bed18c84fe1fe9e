import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperationError } from 'zerodrop/errors';
import { findWorkingCopy, requireReleasable } from '../../release/publish/render.ts';
import { emptyRepository, type Repository, temporaryFolder } from './repository.ts';

function begun(): Repository {
  const repository = emptyRepository();
  repository.write('a.txt', 'a\n');
  repository.commit('Begin');
  return repository;
}

async function refused(directory: string): Promise<string> {
  const error: unknown = await requireReleasable(directory).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(OperationError);
  return error instanceof Error ? error.message.replaceAll(directory, 'DIR') : '';
}

test('finds the root from any folder in it', async () => {
  const { directory } = begun();
  mkdirSync(join(directory, 'deep', 'down'), { recursive: true });
  expect(await findWorkingCopy(join(directory, 'deep', 'down'))).toBe(directory);
});

test('names the folder that is in no repository', async () => {
  const directory = temporaryFolder();
  const found = findWorkingCopy(directory);
  await expect(found).rejects.toThrow(OperationError);
  await expect(found).rejects.toThrow(`Git finds no clone with a working tree in ${directory} (`);
  await expect(found).rejects.toThrow('Run this in a clone, or name one with --directory.');
});

test('names the folder that is not there', async () => {
  const directory = join(temporaryFolder(), 'missing');
  await expect(findWorkingCopy(directory)).rejects.toThrow(`Git finds no clone with a working tree in ${directory} (`);
});

test('takes a clean branch, with ignored files', async () => {
  const repository = begun();
  repository.write('.gitignore', 'node_modules\n');
  repository.commit('Ignore');
  repository.write('node_modules/a', '');
  await expect(requireReleasable(repository.directory)).resolves.toBe('main');
});

test('refuses a detached HEAD', async () => {
  const { directory, git } = begun();
  git('switch', '--quiet', '--detach');
  expect(await refused(directory)).toBe(
    'DIR is on no branch (HEAD is detached), so nothing would follow the commit of a release. Switch to one first: git switch main.',
  );
});

test('refuses a branch without a commit', async () => {
  expect(await refused(emptyRepository().directory)).toBe(
    'DIR has no commit yet, so there is nothing to compare a release with. Commit its files first.',
  );
});

test('refuses what is changed, staged, new or gone, and names it', async () => {
  const { directory, write, git, commit } = begun();
  for (const name of ['b', 'c', 'd']) write(name, name);
  commit('More');
  write('a.txt', 'changed\n');
  git('rm', '--quiet', 'b');
  git('mv', 'c', 'ç');
  write('new folder/e', '');
  expect(await refused(directory)).toBe(
    'DIR has changes that are not committed: a.txt, b, c, ç, new folder/. A release needs a clean working copy: it commits what it renders of committed files and nothing else, and puts every file back when it fails. Commit them first, or put them away with git stash --include-untracked.',
  );
});

test('counts what it does not name', async () => {
  const { directory, write } = begun();
  for (const name of '1234567') write(name, '');
  expect(await refused(directory)).toContain('not committed: 1, 2, 3, 4, 5 and 2 more. A release');
});

test.each([
  ['merge', (git: Repository['git']) => git('merge', '--quiet', '--no-commit', '--strategy=ours', 'other')],
  ['cherry-pick', (git: Repository['git']) => expect(() => git('cherry-pick', 'other')).toThrow('cherry-pick')],
])('refuses to end a %s that is under way', async (what, begin) => {
  const { directory, git, write, commit } = begun();
  git('switch', '--quiet', '--create', 'other');
  write('a.txt', 'other\n');
  commit('Other');
  git('switch', '--quiet', 'main');
  write('a.txt', 'main\n');
  commit('Main');
  begin(git);
  // A conflict solved as ours leaves nothing changed, and the operation open.
  git('checkout', '--quiet', 'HEAD', '--', 'a.txt');
  expect(await refused(directory)).toBe(
    `DIR is in the middle of a ${what}. End it with git ${what} --continue or --abort, and release again.`,
  );
});
