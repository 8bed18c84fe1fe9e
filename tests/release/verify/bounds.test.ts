import { expect, test } from 'vitest';
import { longestMs, longestTogetherMs } from 'zerodrop/verify';
import { workflow } from '../../github/workflows.ts';

/** What a job does beside waiting: installing, and the push of a revert. */
const besidesMs = 5 * 60_000;

test('the job that verifies outlasts a failure and its way back', () => {
  const minutes = workflow('verify-target').jobs['verify']?.['timeout-minutes'] ?? 0;
  expect(longestTogetherMs + besidesMs).toBeLessThanOrEqual(minutes * 60_000);
});

test('leaves time for the way back', () => {
  // Twice what tests/release/verify/expected.test.ts has for the settings' progress deadline.
  expect(longestTogetherMs - longestMs).toBeGreaterThan(400_000);
});
