import { expect, test } from 'vitest';
import { type Failure, reasonToLeave } from '../../../release/verify/leave.ts';

const failure: Failure = {
  environment: 'staging',
  commit: 'a'.repeat(40),
  isNamed: true,
  isSuperseded: false,
  isSilent: false,
  isUnderWay: false,
  isRelease: true,
  autoRollback: true,
};

test('rolls back a named release that fails', () => {
  expect(reasonToLeave(failure)).toBeNull();
});

test.each([
  [
    { autoRollback: false },
    'settings.ts does not set autoRollback for staging. To roll back: npm run release -- rollback --environment staging',
  ],
  [
    { isNamed: false },
    'It may have run for a long time: only a release named by --commit is rolled back automatically.',
  ],
  [{ isSuperseded: true }, 'The run that verifies that commit decides about it.'],
  [{ isSilent: true }, 'Clients could not reach another version either.'],
  [{ isUnderWay: true }, 'The rollout was still making progress and may complete.'],
])('leaves %j to a person', (change, reason) => {
  expect(reasonToLeave({ ...failure, ...change })).toContain(reason);
});

test('leaves a change of configuration to a person, and names the commit', () => {
  expect(reasonToLeave({ ...failure, isRelease: false })).toBe(
    'A change of configuration failed, not a release. To undo it: git revert aaaaaaaaaaaa',
  );
});
