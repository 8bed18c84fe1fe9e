import { expect, test } from 'vitest';
import type { PinChange } from '../../../release/history/pin-changes.ts';
import { choose } from '../../../release/rollback/revert.ts';

/** The changes of a pin file, from its states in the order in which they were committed. */
function changes(...states: readonly string[]): readonly PinChange[] {
  return states
    .map((tag, index) => ({
      commit: `c${index}`,
      isGone: false,
      pin: { image: `web:${tag}@sha256:${'0'.repeat(64)}`, source: tag },
    }))
    .toReversed();
}

test('takes back the last release that stands', () => {
  expect(choose('staging/web', changes('1', '2', '3'), null)).toMatchObject({
    kind: 'take-back',
    release: { commit: 'c2' },
    target: { commit: 'c1' },
  });
});

test('goes further back where the last was rolled back already', () => {
  expect(choose('staging/web', changes('1', '2', '3', '2'), null)).toMatchObject({
    release: { commit: 'c1' },
    target: { commit: 'c0' },
  });
});

test('takes back the release that is named, and no other', () => {
  expect(choose('staging/web', changes('1', '2'), 'c1')).toMatchObject({ release: { commit: 'c1' } });
  expect(choose('staging/web', changes('1', '2', '1'), 'c1')).toEqual({ kind: 'gone', commit: 'c1' });
  expect(() => choose('staging/web', changes('1', '2', '1'), 'c2')).toThrow(
    'c2 is no release: it rolled back to 1. To go further back: npm run release -- rollback --environment staging',
  );
  expect(() => choose('staging/web', changes('1', '2', '3'), 'c1')).toThrow(
    'c1 is no longer what staging runs: 3 was released on top of it in c2.',
  );
  expect(() => choose('staging/web', changes('1', '2'), 'c9')).toThrow('c9 is no release of staging on main');
});

test('says where there is nothing to go back to', () => {
  expect(() => choose('staging/web', [], null)).toThrow('staging runs no release, so there is none to roll back.');
  const gone = { commit: 'c2', isGone: true, pin: null };
  expect(() => choose('staging/web', [gone, ...changes('1', '2')], null)).toThrow(
    'staging runs no release, so there is none to roll back. Its pin apps/images/staging/web.json is gone since c2: if that was a mistake, bring it back with git revert c2.',
  );
  expect(() => choose('staging/web', changes('1'), null)).toThrow(
    /^1 is the first release of staging.+take the service away with git revert c0\.$/,
  );
});
