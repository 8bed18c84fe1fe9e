import { expect, test } from 'vitest';
import { CannotRelease } from '../../../release/cannot-release.ts';
import { range, trailingCommits } from '../../../release/review/range.ts';
import { WrongUse } from '../../../release/wrong-use.ts';
import { emptyRepository, type Repository } from '../repository.ts';

function branched(): Repository & { readonly begin: string } {
  const repository = emptyRepository();
  repository.commit('Begin');
  const begin = repository.git('rev-parse', 'HEAD');
  repository.git('checkout', '--quiet', '-b', 'change');
  return { ...repository, begin };
}

test('finds where a branch began, although main has gone on', async () => {
  const repository = branched();
  repository.commit('Change');
  repository.git('checkout', '--quiet', 'main');
  repository.commit('Go on');
  repository.git('checkout', '--quiet', 'change');
  expect(await range(repository.directory, 'main', 'HEAD')).toEqual({
    from: repository.begin,
    to: repository.git('rev-parse', 'HEAD'),
  });
  expect(await range(repository.directory, 'HEAD^', 'HEAD')).toMatchObject({ from: repository.begin });
});

test.each(['nowhere', '--all', ''])('calls %j no commit', async (base) => {
  await expect(range(branched().directory, base, 'HEAD')).rejects.toThrow(WrongUse);
});

test('says what to do about two histories', async () => {
  const repository = branched();
  repository.git('checkout', '--quiet', '--orphan', 'other');
  repository.commit('Begin elsewhere');
  const point = range(repository.directory, 'main', 'HEAD');
  await expect(point).rejects.toThrow(CannotRelease);
  await expect(point).rejects.toThrow('HEAD and main have no commit in common here');
});

test('reads the trailers of the branch, oldest commit first, and none of before', async () => {
  const repository = emptyRepository();
  repository.commit('Begin\n\nGuard-Allowed: replicas-lost: before');
  const begin = repository.git('rev-parse', 'HEAD');
  repository.commit(
    'One\n\nSome words.\n\nGuard-Allowed: replicas-lost: a reason\n  that goes on\nGuard-Allowed: max-unavailable: another',
  );
  repository.commit('Two\n\nGuard-Allowed: not the last paragraph\n\nSo it is none.');
  const [one, two] = repository.git('log', '--reverse', '--format=%h', `${begin}..`).split('\n');
  expect(await trailingCommits(repository.directory, { from: begin, to: 'HEAD' })).toEqual([
    { commit: one, trailers: ['replicas-lost: a reason that goes on', 'max-unavailable: another'] },
    { commit: two, trailers: [] },
  ]);
});
