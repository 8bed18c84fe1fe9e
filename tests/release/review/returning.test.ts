import { expect, test } from 'vitest';
import { returningFolders } from '../../../release/review/returning.ts';
import { emptyRepository, type Repository } from '../repository.ts';

const folders = ['manifests/staging', 'manifests/production'];

function staging(repository: Repository, text: string): void {
  repository.write('manifests/staging/web.yaml', text);
  repository.commit(text);
}

function history(): Repository {
  const repository = emptyRepository();
  repository.write('manifests/production/web.yaml', 'p\n');
  staging(repository, 'one');
  staging(repository, 'two');
  return repository;
}

test('knows a folder that becomes what it has been, by a revert or by hand', async () => {
  const repository = history();
  staging(repository, 'one');
  expect(await returningFolders(repository.directory, { from: 'HEAD^', to: 'HEAD' }, folders)).toEqual(
    new Set(folders),
  );
  repository.git('checkout', '--quiet', 'HEAD^');
  repository.git('revert', '--no-edit', 'HEAD');
  expect(await returningFolders(repository.directory, { from: 'HEAD^', to: 'HEAD' }, folders)).toEqual(
    new Set(folders),
  );
});

test('calls no folder returning that is new, half returned or gone', async () => {
  const repository = history();
  staging(repository, 'three');
  expect(await returningFolders(repository.directory, { from: 'HEAD^', to: 'HEAD' }, ['manifests/staging'])).toEqual(
    new Set(),
  );
  repository.write('manifests/staging/more.yaml', 'more');
  staging(repository, 'one');
  expect(await returningFolders(repository.directory, { from: 'HEAD~2', to: 'HEAD' }, ['manifests/staging'])).toEqual(
    new Set(),
  );
  repository.git('rm', '--quiet', '-r', 'manifests/staging');
  repository.commit('Remove');
  expect(await returningFolders(repository.directory, { from: 'HEAD^', to: 'HEAD' }, ['manifests/staging'])).toEqual(
    new Set(),
  );
});

test('does not take for the past what only a branch has had', async () => {
  const repository = history();
  const base = repository.git('rev-parse', 'HEAD');
  staging(repository, 'three');
  staging(repository, 'four');
  staging(repository, 'three');
  expect(await returningFolders(repository.directory, { from: base, to: 'HEAD' }, ['manifests/staging'])).toEqual(
    new Set(),
  );
});
