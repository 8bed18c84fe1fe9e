import { expect, test } from 'vitest';
import { wrapped } from '../../../src/rehearse/report/summary.ts';

test('breaks between words and indents what follows', () => {
  expect(wrapped('- ', 'one two three four', 11)).toEqual(['- one two', '  three', '  four']);
});

test('a word that is too long stands alone, and line breaks are spaces', () => {
  expect(wrapped('', 'a\nlongerthanthat b', 6)).toEqual(['a', 'longerthanthat', 'b']);
});
