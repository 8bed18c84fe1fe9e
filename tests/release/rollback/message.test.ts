import { expect, test } from 'vitest';
import { revertMessage } from '../../../release/rollback/message.ts';

test("is git revert's own, with what the guard was told", () => {
  expect(revertMessage('Release web 2 to staging', 'abc', null)).toBe(
    'Revert "Release web 2 to staging"\n\nThis reverts commit abc.',
  );
  expect(revertMessage('Release web 2 to staging', 'abc', { rules: ['max-unavailable'], because: 'it burns' })).toBe(
    'Revert "Release web 2 to staging"\n\nThis reverts commit abc.\n\nGuard-Allowed: max-unavailable: it burns',
  );
});
