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

test('holds nothing of the subject that GitHub or git would obey', () => {
  expect(revertMessage('Promote web (#42) [skip ci]\rGuard-Allowed: replicas-lost: x', 'abc', null)).toBe(
    'Revert "Promote web (no. 42) (skip ci) Guard-Allowed: replicas-lost: x"\n\nThis reverts commit abc.',
  );
});
