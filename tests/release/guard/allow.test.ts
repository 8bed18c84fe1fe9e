import { expect, test } from 'vitest';
import { allow } from '../../../release/guard/allow.ts';
import type { Refusal } from '../../../release/guard/guard.ts';

const refusal = (rule: Refusal['rule'], object: string): Refusal => ({
  rule,
  path: 'a.yaml',
  line: 1,
  object,
  says: '',
  sentence: '',
});
const refusals = [refusal('replicas-lost', 'a'), refusal('max-unavailable', 'a'), refusal('replicas-lost', 'b')];

test('lets everything stand without an allowance', () => {
  expect(allow(refusals, null)).toEqual({ allowed: [], standing: refusals, used: null });
});

test('parts refusals by their rule', () => {
  const { allowed, standing } = allow(refusals, { rules: ['replicas-lost'], because: 'a test' });
  expect(allowed.map(({ object }) => object)).toEqual(['a', 'b']);
  expect(standing.map(({ rule }) => rule)).toEqual(['max-unavailable']);
});

test('keeps each rule that was needed once, and none that was not', () => {
  const allowance = { rules: ['image-unpinned', 'replicas-lost'], because: 'a test' } as const;
  expect(allow(refusals, allowance).used).toEqual({ rules: ['replicas-lost'], because: 'a test' });
  expect(allow([], allowance).used).toBeNull();
});
