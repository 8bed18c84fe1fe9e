import { expect, test } from 'vitest';
import type { Range } from '../../../settings/google/network.ts';
import { isPrivate, overlaps, parseRange } from '../../../settings/google/network.ts';

function range(text: string): Range {
  const parsed = parseRange(text);
  if (parsed === null) throw new Error(`${text} is no range`);
  return parsed;
}

test('reads a range', () => {
  expect(parseRange('10.244.0.0/14')).toEqual({ first: 0x0af40000, size: 2 ** 18, prefix: 14 });
  expect(parseRange('255.255.255.255/32')).toEqual({ first: 2 ** 32 - 1, size: 1, prefix: 32 });
  expect(parseRange('0.0.0.0/0')).toEqual({ first: 0, size: 2 ** 32, prefix: 0 });
});

test.each(['10.0.0.1/24', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/32', '10.0.0/24', '10.0.0.0/24 ', 'fd00::/8', ''])(
  'does not read %j',
  (text) => {
    expect(parseRange(text)).toBeNull();
  },
);

test('finds ranges that share an address, whichever is inside the other', () => {
  expect(overlaps(range('10.0.0.0/8'), range('10.244.0.0/14'))).toBe(true);
  expect(overlaps(range('10.244.0.0/14'), range('10.0.0.0/8'))).toBe(true);
  expect(overlaps(range('10.248.0.0/20'), range('10.248.0.0/20'))).toBe(true);
});

test('leaves neighbours apart', () => {
  expect(overlaps(range('10.244.0.0/14'), range('10.248.0.0/20'))).toBe(false);
  expect(overlaps(range('10.0.1.0/24'), range('10.0.0.0/24'))).toBe(false);
});

test('knows private ranges to their borders', () => {
  expect(isPrivate(range('172.31.255.0/24'))).toBe(true);
  expect(isPrivate(range('172.32.0.0/24'))).toBe(false);
  expect(isPrivate(range('192.168.0.0/15'))).toBe(false);
  expect(isPrivate(range('100.64.0.0/10'))).toBe(true);
});
