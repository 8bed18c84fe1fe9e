import { expect, test } from 'vitest';
import { onOff, share, wholeNumber, words } from '../../service/variables.ts';

test('falls back where nothing is set', () => {
  expect(wholeNumber({}, 'N', 5, 10)).toBe(5);
  expect(share({}, 'S', 0.5)).toBe(0.5);
  expect(onOff({}, 'O', true)).toBe(true);
  expect(words({}, 'W', 'me', 'itself')).toBe('me');
});

test.each(['', ' ', 'abc', '-1', '1.5', '1e3', '0x10', '11', 'Infinity'])('takes %o for no number up to 10', (text) => {
  expect(() => wholeNumber({ N: text }, 'N', 5, 10)).toThrow(
    `N is ${JSON.stringify(text)}, but it must be a whole number from 0 to 10. Leave it out for 5.`,
  );
});

test.each(['0', '10', '007'])('takes %o for a number up to 10', (text) => {
  expect(wholeNumber({ N: text }, 'N', 5, 10)).toBe(Number(text));
});

test.each(['', '1.1', '-0.1', '50%', 'NaN'])('takes %o for no share', (text) => {
  expect(() => share({ S: text }, 'S', 0)).toThrow(
    `S is ${JSON.stringify(text)}, but it must be a number from 0 to 1.`,
  );
});

test.each(['0', '1', '.5', '0.25', '1.0'])('takes %o for a share', (text) => {
  expect(share({ S: text }, 'S', 0)).toBe(Number(text));
});

test('knows on and off, and no other word', () => {
  expect(onOff({ O: 'on' }, 'O', false)).toBe(true);
  expect(onOff({ O: 'off' }, 'O', true)).toBe(false);
  expect(() => onOff({ O: 'yes' }, 'O', false)).toThrow('O is "yes", but it must be on or off. Leave it out for off.');
});

test('takes no empty text', () => {
  expect(words({ W: 'you' }, 'W', 'me', 'itself')).toBe('you');
  expect(() => words({ W: ' ' }, 'W', 'me', 'itself')).toThrow(
    'W is " ", but it must be a text. Leave it out for itself.',
  );
});
