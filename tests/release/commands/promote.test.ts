import { expect, test } from 'vitest';
import { nothingWords, promoteCommand } from '../../../release/commands/promote.ts';

const pinned = { image: `web:1.2.5@sha256:${'0'.repeat(64)}`, source: 'b'.repeat(40) };
const request = { from: 'staging', to: 'production', commit: 'a'.repeat(40), again: false, allowance: null };

test('says that something else runs by now than what was to be promoted', () => {
  expect(nothingWords(request, { kind: 'moved-on', pinned, leavesOpen: true })).toBe(
    'Nothing to promote: staging runs 1.2.5 (bbbbbbb) now, and not what aaaaaaa had. Nothing is changed: the run that released it offers it, or promote without --commit.\n',
  );
});

test('renews a pull request and nothing else', async () => {
  const args = ['--from', 'staging', '--to', 'production', '--renew'];
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(
    '--renew is about a pull request: add --pull-request.',
  );
});

test('takes the commit of a promotion by its whole hash', async () => {
  const args = ['--from', 'staging', '--to', 'production', '--commit', 'abc1234'];
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(
    '--commit is "abc1234", expected all 40 hex digits of a commit',
  );
});
