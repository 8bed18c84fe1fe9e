import { expect, test } from 'vitest';
import { findCommit, lineage, releaseOf, treeAt } from '../../../release/verify/history.ts';
import { remoteOf } from '../remote.ts';
import { emptyRepository, type Repository } from '../repository.ts';

function commit(repository: Repository, path: string, text: string): string {
  repository.write(path, text);
  repository.commit(text);
  return repository.git('rev-parse', 'HEAD');
}

test('tells later commits from earlier ones, and asks the remote for those that it lacks', async () => {
  const origin = emptyRepository();
  const first = commit(origin, 'a', 'one');
  const remote = remoteOf(origin);
  const [ours, theirs] = [remote.clone(), remote.clone()];
  const later = commit(theirs, 'a', 'two');
  const state = ours.state();
  expect(await lineage(ours.directory, 'origin', first, later)).toBe('unknown');
  theirs.git('push', '--quiet', 'origin', 'HEAD:main');
  expect(await lineage(ours.directory, 'origin', first, later)).toBe('later');
  expect(await lineage(ours.directory, 'origin', later, first)).toBe('earlier');
  expect(await findCommit(ours.directory, 'origin', 'HEAD')).toBe(first);
  expect(await findCommit(ours.directory, 'nowhere', 'f'.repeat(40))).toBeNull();
  expect([ours.state(), ours.git('rev-parse', 'origin/main')]).toEqual([state, first]);
});

test('finds the commit that released what runs, and the folder as it was', async () => {
  const repository = emptyRepository();
  const begin = commit(repository, 'manifests/staging/web.yaml', 'one');
  const released = commit(repository, 'apps/images/staging.json', '{}');
  const last = commit(repository, 'manifests/staging/web.yaml', 'two');
  expect(await releaseOf(repository.directory, 'staging', begin)).toBeNull();
  expect(await releaseOf(repository.directory, 'staging', last)).toBe(released);
  const [first, second] = [released, last].map((at) => repository.git('rev-parse', `${at}:manifests/staging`));
  expect(await treeAt(repository.directory, released, 'manifests/staging')).toBe(first);
  expect(await treeAt(repository.directory, last, 'manifests/staging')).toBe(second);
  expect(await treeAt(repository.directory, last, 'manifests/production')).toBeNull();
});
