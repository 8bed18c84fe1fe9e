import { expect, test } from 'vitest';
import { cutToLines, fenced, firstLines } from '../../github/markdown.ts';

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

test('a text that fits is left alone', () => {
  expect(cutToLines('a\nb', 3)).toBe('a\nb');
});

test('a longer one ends with whole lines and the number of those that are missing', () => {
  const text = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');

  const cut = cutToLines(text, 100);

  expect(cut.length).toBeLessThanOrEqual(100);
  expect(cut.split('\n').slice(0, 2)).toEqual(['line 0', 'line 1']);
  expect(cut.split('\n').at(-1)).toBe("... 95 of 100 lines left out: the job's log has all of them.");
});

test('a first line that is too long by itself leaves the note alone', () => {
  expect(cutToLines('x'.repeat(1_000), 100)).toBe("... 1 of 1 lines left out: the job's log has all of them.");
});
