import { expect, test } from 'vitest';
import { element, escape } from '../../../src/rehearse/report/markup.ts';

test('text cannot become markup', () => {
  expect(escape(`<a href='x'>"1 & 2"</a>`)).toBe('&lt;a href=&#39;x&#39;&gt;&quot;1 &amp; 2&quot;&lt;/a&gt;');
});

test('control characters, which XML forbids, are left out', () => {
  expect(escape('a\u001B[31mb\u0000\n\tc')).toBe('a[31mb\n\tc');
});

test('an element escapes its attributes, rounds its numbers and nests', () => {
  expect(element('text', { x: 1.2345, class: 'a"b' }, 'v1', element('br', {}))).toBe(
    '<text x="1.2" class="a&quot;b">v1<br/></text>',
  );
});
