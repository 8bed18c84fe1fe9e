import { expect, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import { readSourceCommit, requireSource } from '../../release/commit-message.ts';
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

test('takes the commits of a branch as sources, and no other', async () => {
  const { directory, commit, git } = emptyRepository();
  commit('Begin');
  commit('Go on');
  const [head, first] = git('rev-list', 'HEAD').split('\n');
  git('switch', '--quiet', '-c', 'aside');
  commit('Aside');
  const aside = git('rev-parse', 'HEAD');
  git('switch', '--quiet', 'main');

  for (const source of [head, first])
    await expect(requireSource(directory, source ?? '', 'main')).resolves.toMatchObject({ authorName: 'Ada Test' });
  await expect(requireSource(directory, aside, 'main')).rejects.toThrow(
    new UsageError(
      `--source is ${aside}, which is not on main. An image is released from what was merged: merge that commit, or get the newest with git pull, and name the commit on main that the image was built from.`,
    ),
  );
  const folder = git('rev-parse', 'HEAD^{tree}');
  for (const source of ['a'.repeat(40), folder]) {
    await expect(requireSource(directory, source, 'main')).rejects.toThrow(
      new UsageError(
        `--source is ${source}, which is no commit of this clone. Name the one that the image was built from, as git log --format=%H prints it. If it is new at the remote, git pull first.`,
      ),
    );
  }
});

test('a shallow clone answers as far as its history goes', async () => {
  const { directory, commit, git, write } = emptyRepository();
  commit('Begin');
  const first = git('rev-parse', 'HEAD');
  commit('Go on');
  const head = git('rev-parse', 'HEAD');
  write('.git/shallow', `${head}\n`);

  await expect(requireSource(directory, head, 'main')).resolves.toMatchObject({ subject: 'Go on' });
  await expect(requireSource(directory, first, 'main')).rejects.toThrow(OperationError);
  await expect(requireSource(directory, first, 'main')).rejects.toThrow(/^This clone is shallow.*fetch-depth: 0\.$/);
});
