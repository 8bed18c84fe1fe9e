import { expect, onTestFinished, test } from 'vitest';
import { type Fetching, findCommit, lineage, treeAt } from '../../src/verify/expected.ts';
import { repository } from '../repository.ts';

type Clone = Pick<ReturnType<typeof repository>, 'directory' | 'git'>;

function cloneOf(origin: Clone): ReturnType<typeof repository> {
  const clone = repository({});
  clone.git('remote', 'add', 'origin', origin.directory);
  clone.git('fetch', '--quiet', 'origin');
  clone.git('reset', '--quiet', '--hard', 'origin/main');
  return clone;
}

function headOf({ git }: Clone): string {
  return git('rev-parse', 'HEAD').trim();
}

function fetching(directory: string, other: Partial<Fetching> = {}): Fetching {
  const { signal } = new AbortController();
  return { directory, remote: 'origin', branch: 'main', callMs: 30_000, signal, ...other };
}

test('tells later commits from earlier ones, and asks the remote for those that it lacks', async () => {
  const origin = repository({ a: 'one' });
  const first = headOf(origin);
  const ours = cloneOf(origin);
  // Argo CD follows main, whatever the remote shows its visitors.
  origin.git('switch', '--quiet', '--create', 'other');
  origin.git('branch', '--quiet', '--force', 'main', first);
  origin.commit('two', { a: 'two' });
  const later = headOf(origin);
  const state = ours.git('status', '--porcelain', '--branch');
  expect(await lineage(fetching(ours.directory), first, later)).toBe('unknown');
  origin.git('branch', '--quiet', '--force', 'main', later);
  expect(await lineage(fetching(ours.directory), first, later)).toBe('later');
  expect(await lineage(fetching(ours.directory), later, first)).toBe('earlier');
  expect(await findCommit(fetching(ours.directory), 'HEAD')).toBe(first);
  expect(await findCommit(fetching(ours.directory, { remote: 'nowhere' }), 'f'.repeat(40))).toBeNull();
  expect(ours.git('status', '--porcelain', '--branch')).toBe(state);
  expect(ours.git('rev-parse', 'origin/main').trim()).toBe(first);
});

test('does not wait for a remote that hangs, nor past an interruption', async () => {
  const clone = cloneOf(repository({ a: 'one' }));
  clone.git('config', 'remote.origin.uploadpack', 'sleep 600;');
  const found = 'f'.repeat(40);
  expect(await lineage(fetching(clone.directory, { callMs: 200 }), 'HEAD', found)).toBe('unknown');
  // What is here already needs no remote.
  const stopped = fetching(clone.directory, { signal: AbortSignal.abort() });
  expect(await findCommit(stopped, 'HEAD')).toBe(headOf(clone));
  const interruption = new AbortController();
  const asked = lineage(fetching(clone.directory, { signal: interruption.signal }), 'HEAD', found);
  setTimeout(() => interruption.abort(), 100);
  await expect(asked).rejects.toThrow('Interrupted while git was at work.');
});

test('finds a path as it was, and the whole commit', async () => {
  const { directory, commit, git } = repository({ 'web/a.yaml': 'one' });
  commit('two', { 'web/a.yaml': 'two' });
  for (const at of ['HEAD', 'HEAD^']) {
    expect(await treeAt(directory, at, 'web')).toBe(git('rev-parse', `${at}:web`).trim());
    expect(await treeAt(directory, at, '.')).toBe(git('rev-parse', `${at}^{tree}`).trim());
  }
  expect(await treeAt(directory, 'HEAD', 'api')).toBeNull();
});

test('does not take a missing git for a missing commit', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nowhere';
  onTestFinished(() => void (process.env['PATH'] = PATH));
  await expect(findCommit(fetching('.'), 'HEAD')).rejects.toThrow('git is not installed');
});
