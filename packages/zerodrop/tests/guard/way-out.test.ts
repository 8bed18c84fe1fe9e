import { expect, test } from 'vitest';
import { wayOut } from '../../src/guard/exceptions.ts';

const service = { object: 'Service shop/web', isGone: false };
const gone = { object: 'Service shop/web', isGone: true };
const file = { object: 'line 12', isGone: false };

test('names a trailer where there is a branch, and an annotation where there is an object to carry it', () => {
  expect(wayOut([service, file], 'branch')).toBe(
    'To allow a finding, add to the message of a commit of this branch: Guard-Allowed: RULE Kind/name: why. For as long as an object stands there: the annotation zerodrop.dev/allow.RULE: why.',
  );
  expect(wayOut([gone], 'branch')).toBe(
    'To allow a finding, add to the message of a commit of this branch: Guard-Allowed: RULE Kind/name: why.',
  );
});

test('names no object where a finding is about a file', () => {
  expect(wayOut([file], 'branch')).toBe(
    'To allow a finding, add to the message of a commit of this branch: Guard-Allowed: RULE: why.',
  );
  expect(wayOut([{ object: 'the folder manifests/staging', isGone: false }], 'directories')).toBe('');
});

test('names no trailer where there is no branch', () => {
  expect(wayOut([service], 'directories')).toBe(
    'To allow a finding for as long as an object stands there: the annotation zerodrop.dev/allow.RULE: why.',
  );
  expect(wayOut([gone], 'directories')).toBe('');
  expect(wayOut([file], 'staged')).toBe(
    "A hook can't read the message of a commit that is not made yet: to allow a finding by Guard-Allowed: RULE: why in it, commit once with --no-verify.",
  );
});
