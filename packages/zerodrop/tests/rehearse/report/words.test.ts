import { expect, test } from 'vitest';
import * as words from '../../../src/rehearse/report/words.ts';

test('numbers are grouped, and one is not many', () => {
  expect(words.count(12_010)).toBe('12,010');
  expect(words.counted(1, 'request')).toBe('1 request');
  expect(words.counted(0, 'request')).toBe('0 requests');
  expect(words.outOf(7, 6_000)).toBe('7 of 6,000');
});

test('times have one decimal, and a dash where there is none', () => {
  expect(words.seconds(4_349)).toBe('4.3 s');
  expect(words.seconds(null)).toBe('–');
  expect(words.milliseconds(0.25)).toBe('0.3 ms');
});

test('counts are listed by frequency, then by name', () => {
  expect(words.listed({ 'HTTP 503': 2, timeout: 1, ECONNRESET: 2 })).toBe('2 ECONNRESET, 2 HTTP 503, 1 timeout');
});

test('a target has a name for people', () => {
  expect(words.targetName('embedded')).toBe('the embedded cluster');
  expect(words.targetName('context:kind-web')).toBe('the cluster of context kind-web');
});
