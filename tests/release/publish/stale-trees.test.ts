import { expect, test } from 'vitest';
import { staleTrees } from '../../../release/publish/stale-trees.ts';

test('names our worktrees whose process is gone, and nobody else’s', () => {
  const paths = [
    '/home/ada/zerodrop',
    '/tmp/zerodrop-publish-11-abc/zerodrop-publish-11-abc',
    '/tmp/zerodrop-publish-12-def/zerodrop-publish-12-def',
    '/home/ada/zerodrop-publish',
    '/home/ada/zerodrop-publish-notes',
  ];
  const listed = paths.map((path) => `worktree ${path}\nHEAD ${'a'.repeat(40)}\ndetached\n\n`).join('');
  expect(staleTrees(listed, (processId) => processId === 12)).toEqual([
    '/tmp/zerodrop-publish-11-abc/zerodrop-publish-11-abc',
  ]);
});
