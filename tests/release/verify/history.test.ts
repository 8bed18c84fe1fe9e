import { expect, onTestFinished, test } from 'vitest';
import { findCommit, lineage, releaseOf, treeAt } from '../../../release/verify/history.ts';
import { remoteOf, surroundings } from '../remote.ts';
import { emptyRepository, type Repository } from '../repository.ts';

function commit(repository: Repository, path: string, text: string): string {
  repository.write(path, text);
  repository.commit(text);
  return repository.head();
}

test('tells later commits from earlier ones, and asks the remote for those that it lacks', async () => {
  const origin = emptyRepository();
  const first = commit(origin, 'a', 'one');
  const remote = remoteOf(origin);
  // Argo CD follows main, whatever the remote shows its visitors.
  remote.git('symbolic-ref', 'HEAD', 'refs/heads/other');
  const [ours, theirs] = [remote.clone(), remote.clone()];
  const later = commit(theirs, 'a', 'two');
  const state = ours.state();
  expect(await lineage(surroundings(ours), first, later)).toBe('unknown');
  theirs.git('push', '--quiet', 'origin', 'HEAD:main');
  expect(await lineage(surroundings(ours), first, later)).toBe('later');
  expect(await lineage(surroundings(ours), later, first)).toBe('earlier');
  expect(await findCommit(surroundings(ours), 'HEAD')).toBe(first);
  expect(await findCommit(surroundings(ours, { remote: 'nowhere' }), 'f'.repeat(40))).toBeNull();
  expect([ours.state(), ours.git('rev-parse', 'origin/main')]).toEqual([state, first]);
});

test('does not wait for a remote that hangs, nor past an interruption', async () => {
  const origin = emptyRepository();
  commit(origin, 'a', 'one');
  const clone = remoteOf(origin).clone();
  clone.git('config', 'remote.origin.uploadpack', 'sleep 600;');
  const found = 'f'.repeat(40);
  expect(await lineage(surroundings(clone, { callMs: 200 }), 'HEAD', found)).toBe('unknown');
  // What is here already needs no remote.
  const stopped = surroundings(clone, { signal: AbortSignal.abort() });
  expect(await findCommit(stopped, 'HEAD')).toBe(clone.head());
  const interruption = new AbortController();
  const asked = lineage(surroundings(clone, { signal: interruption.signal }), 'HEAD', found);
  setTimeout(() => interruption.abort(), 100);
  await expect(asked).rejects.toThrow('Interrupted while git was at work.');
});

test('finds the commit that released what runs, and the folder as it was', async () => {
  const repository = emptyRepository();
  const begin = commit(repository, 'manifests/staging/web/web.yaml', 'one');
  const released = commit(repository, 'apps/images/staging/web.json', '{}');
  const last = commit(repository, 'manifests/staging/web/web.yaml', 'two');
  expect(await releaseOf(repository.directory, 'staging/web', begin)).toBeNull();
  expect(await releaseOf(repository.directory, 'staging/web', last)).toBe(released);
  const [first, second] = [released, last].map((at) => repository.git('rev-parse', `${at}:manifests/staging/web`));
  expect(await treeAt(repository.directory, released, 'manifests/staging/web')).toBe(first);
  expect(await treeAt(repository.directory, last, 'manifests/staging/web')).toBe(second);
  expect(await treeAt(repository.directory, last, 'manifests/production/web')).toBeNull();
});

test('does not take a missing git for a missing commit', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nowhere';
  onTestFinished(() => void (process.env['PATH'] = PATH));
  await expect(findCommit(surroundings({ directory: '.' }), 'HEAD')).rejects.toThrow('git is not installed');
});
