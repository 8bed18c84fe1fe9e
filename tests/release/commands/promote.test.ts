import { expect, test } from 'vitest';
import { nothingWords, promoteCommand } from '../../../release/commands/promote.ts';

const pinned = { image: `web:1.2.5@sha256:${'0'.repeat(64)}`, source: 'b'.repeat(40) };
const request = { from: 'staging', to: 'production', source: 'a'.repeat(40), again: false, allowance: null };

test('says that something else runs by now than what was to be promoted', () => {
  expect(nothingWords(request, { kind: 'moved-on', pinned, leavesOpen: true })).toBe(
    'Nothing to promote: staging has 1.2.5 (bbbbbbb) by now, and nothing of aaaaaaa. Nothing is changed: its own run offers it, or promote without --source.\n',
  );
});

test('takes the source of a promotion by its whole hash', async () => {
  const args = ['--from', 'staging', '--to', 'production', '--source', 'abc1234'];
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(
    '--source is "abc1234", expected all 40 hex digits of a commit',
  );
});
