import { expect, test } from 'vitest';
import { wrongWith } from '../../../../release/verify/probe/right.ts';
import { hash, imageOf } from '../sample.ts';

const pin = { image: imageOf('1.2.4'), source: hash('5') };

test.each([
  ['the revision', { status: 200, version: '0.1.0', revision: hash('5') }],
  ['the version', { status: 200, version: '1.2.4', revision: 'unknown' }],
  ['no version at all', { status: 200, version: null, revision: null }],
])('believes an answer with %s', (_what, answer) => {
  expect(wrongWith(answer, pin)).toBeNull();
});

test('says what is wrong', () => {
  expect(wrongWith({ status: 500, version: '1.2.4', revision: null }, pin)).toBe('HTTP 500');
  expect(wrongWith({ status: 200, version: '1.2.3', revision: null }, pin)).toBe(
    'version 1.2.3 of an unknown commit instead of 1.2.4',
  );
  expect(wrongWith({ status: 200, version: null, revision: hash('4') }, pin)).toBe(
    'version unknown of 444444444444 instead of 1.2.4',
  );
  expect(wrongWith({ status: 200, version: '1.2.3', revision: null }, null)).toBeNull();
});
