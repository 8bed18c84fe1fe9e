import { expect, test } from 'vitest';
import { failedHook } from '../../../release/publish/worktree.ts';

const events = (...lines: readonly object[]): string =>
  [{ event: 'version', sid: 'a' }, ...lines].map((line) => JSON.stringify({ sid: 'a', ...line })).join('\n');
const start = (hook: string, child = 0) => ({
  event: 'child_start',
  child_id: child,
  child_class: 'hook',
  hook_name: hook,
});
const exit = (code: number, child = 0) => ({ event: 'child_exit', child_id: child, code });

test.each([
  ['none', events(), null],
  ['one that ended well', events(start('pre-commit'), exit(0)), null],
  ['one that declined', events(start('pre-commit', 0), exit(0, 0), start('commit-msg', 1), exit(1, 1)), 'commit-msg'],
  ['one that was stopped', events(start('pre-push')), 'pre-push'],
  ['one that runs afterwards', events(start('post-commit'), exit(1)), null],
  ['one at the other end', events({ ...start('pre-receive'), sid: 'a/b' }, { ...exit(1), sid: 'a/b' }), null],
  ['another program', events({ ...start('x'), child_class: 'editor' }, exit(1)), null],
  ['a line that is cut off', `${events(start('pre-push'))}\n{"event":"chi`, 'pre-push'],
])('%s', (_, trace, hook) => {
  expect(failedHook(trace)).toBe(hook);
});
