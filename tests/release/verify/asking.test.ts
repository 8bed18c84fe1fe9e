import { expect, test } from 'vitest';
import { askAgainAndAgain } from '../../../release/verify/asking.ts';

test('asks at once, and stops when told to', async () => {
  let asked = 0;
  const asking = askAgainAndAgain(async () => {
    asked += 1;
  });
  await asking.stop();
  expect(asked).toBe(1);
  expect(asking.trouble()).toBeNull();
});

test('tells what a call met with', async () => {
  const asking = askAgainAndAgain(async () => {
    throw new Error('PATCH was refused');
  });
  await asking.stop();
  expect(asking.trouble()).toBe('PATCH was refused');
});
