import { expect, test } from 'vitest';
import { type Failure, reasonToLeave } from '../../../release/verify/leave.ts';

const failure: Failure = {
  environment: 'staging',
  commit: 'a'.repeat(40),
  isNamed: true,
  isSuperseded: false,
  isSilent: false,
  isRelease: true,
  autoRollback: true,
};

test('takes a named release back that fails', () => {
  expect(reasonToLeave(failure)).toBeNull();
});

test.each([
  [
    { autoRollback: false },
    'autoRollback is not set for staging in settings.ts. To go back: npm run release -- rollback --environment staging',
  ],
  [{ isNamed: false }, 'It may have run for long: only a release that is named by --commit is taken back.'],
  [{ isSuperseded: true }, 'whoever verifies that one sees to it'],
  [{ isSilent: true }, 'Another version would not be reached either.'],
  [{ isRelease: false }, 'a change of configuration. To go back: git revert aaaaaaaaaaaa'],
])('leaves %j to a person', (change, reason) => {
  expect(reasonToLeave({ ...failure, ...change })).toContain(reason);
});
