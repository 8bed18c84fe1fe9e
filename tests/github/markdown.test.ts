import { expect, test } from 'vitest';
import { fenced, firstLines } from '../../github/markdown.ts';

test('fences a text with more backticks than it has', () => {
  expect(fenced('a: 1', 'yaml')).toBe('```yaml\na: 1\n```');
  expect(fenced('````\nx')).toBe('`````\n````\nx\n`````');
});

test('keeps whole lines that fit, and counts the rest', () => {
  expect(firstLines('one\ntwo\nthree', 13)).toEqual({ text: 'one\ntwo\nthree', leftOut: 0 });
  expect(firstLines('one\ntwo\nthree', 12)).toEqual({ text: 'one\ntwo', leftOut: 1 });
  expect(firstLines('one\ntwo\nthree', 7)).toEqual({ text: 'one\ntwo', leftOut: 1 });
  expect(firstLines('one\ntwo\nthree', 6)).toEqual({ text: 'one', leftOut: 2 });
  expect(firstLines('one\ntwo\nthree', 2)).toEqual({ text: '', leftOut: 3 });
});
