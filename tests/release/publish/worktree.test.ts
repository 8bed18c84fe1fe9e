import { utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { isStale, pathsOfOurs, removeStaleTrees, treePrefix } from '../../../release/publish/worktree.ts';
import { emptyRepository, temporaryFolder } from '../repository.ts';

test('names our worktrees, and nobody else’s', () => {
  const ours = ['/tmp/x/zerodrop-publish-11-abc', '/tmp/x/zerodrop-publish-0123abcd-12-def'];
  const others = ['/home/ada/zerodrop', '/home/ada/zerodrop-publish', '/home/ada/zerodrop-publish-notes'];
  const listed = [...ours, ...others].map((path) => `worktree ${path}\nHEAD ${'a'.repeat(40)}\ndetached\n\n`).join('');
  expect(pathsOfOurs(listed)).toEqual(ours);
});

const hour = 3_600_000;

test.each([
  ['here, alive', 'aaaaaaaa-12', 48 * hour, false],
  ['here, gone', 'aaaaaaaa-11', 0, true],
  ['in another container, where the id is another process', 'bbbbbbbb-11', 2 * hour, false],
  ['in another container, of yesterday', 'bbbbbbbb-12', 25 * hour, true],
  ['by an older version', '11', 2 * hour, false],
  ['by an older version, of yesterday', '12', 25 * hour, true],
])('%s', (_, name, ageMs, stale) => {
  const path = `/tmp/x/zerodrop-publish-${name}-abc`;
  expect(isStale(path, 'aaaaaaaa', ageMs, (processId) => processId === 12)).toBe(stale);
});

test('leaves the live worktree of another container alone, and removes what it left a day ago', async () => {
  const repository = emptyRepository();
  repository.commit('Begin');
  const folder = temporaryFolder();
  const [live, left] = ['00000000-1-live', '00000000-1-left'].map((name) =>
    join(folder, name, `zerodrop-publish-${name}`),
  );
  if (live === undefined || left === undefined) throw new Error('There are two.');
  for (const path of [live, left]) repository.git('worktree', 'add', '--quiet', '--detach', path);
  const yesterday = Date.now() / 1_000 - 25 * 3_600;
  utimesSync(join(repository.directory, '.git', 'worktrees', basename(left)), yesterday, yesterday);
  await removeStaleTrees(repository.directory);
  const listed = repository.git('worktree', 'list', '--porcelain');
  expect([listed.includes(live), listed.includes(left)]).toEqual([true, false]);
});

test('the same machine has the same mark each time', async () => {
  expect(await treePrefix()).toBe(await treePrefix());
  expect(await treePrefix()).toMatch(new RegExp(`^zerodrop-publish-[0-9a-f]{8}-${process.pid}-$`));
});
