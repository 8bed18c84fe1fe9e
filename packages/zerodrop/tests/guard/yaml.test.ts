import { describe, expect, test } from 'vitest';
import { readPiece } from '../../src/guard/read/piece.ts';
import { matchesGlob } from '../../src/guard/read/state.ts';

test.each([
  ['*.yaml', 'a/b.yaml', true],
  ['*.yaml', 'a.yml', false],
  ['a?.yaml', 'ab.yaml', true],
  ['a?.yaml', 'a.yaml', false],
  ['{a,b}.yaml', 'b.yaml', true],
  ['{a,b}.yaml', 'c.yaml', false],
  ['a,b}.yaml', 'a,b}.yaml', true],
  ['{{a,b},c}x', 'cx', true],
  ['{{a,b},c}x', 'bx', true],
  ['{a', '{a', false],
  ['{a', 'a', false],
  ['a.b+(c)|^$', 'a.b+(c)|^$', true],
  ['[ab]c', 'bc', true],
  ['[ab]c', 'cc', false],
  ['[!ab]c', 'cc', true],
  ['[!ab]c', 'ac', false],
  ['[a-c]', 'b', true],
  ['[!a-c]', 'b', false],
  ['[^a]', '^', true],
  ['[^a]', 'b', false],
  ['[c-a]', 'b', false],
  ['[a-]', '-', false],
  ['[ab', 'a', false],
  ['[]', ']', false],
  ['[]]', ']', false],
  ['a]', 'a]', true],
  ['[\\]]', ']', true],
  ['[a\\-c]', '-', true],
  ['[a\\-c]', 'b', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a\\', 'a', false],
  ['{\\,,b}', ',', true],
  ['{,a}b', 'b', true],
  ['?', '\u{1f600}', true],
  ['a.b', 'axb', false],
  ['b', 'abc', false],
  ['*', 'a\nb', true],
])('the glob %s takes %s: %s', (glob, path, expected) => {
  expect(matchesGlob(glob, path)).toBe(expected);
});

/** Each was held against sigs.k8s.io/yaml 1.6.0, by which Kubernetes and Argo CD read. */
describe('reads a text as Kubernetes does', () => {
  test.each([
    ['a time', 'a: 8080:80', { a: '8080:80' }],
    ['a time with a fraction', 'a: 1:30.5', { a: '1:30.5' }],
    ['a date', 'a: 2020-01-01', { a: '2020-01-01' }],
    ['an octal number of Go', 'a: 0o644', { a: 420 }],
    ['an octal number', 'a: 0644', { a: 420 }],
    ['a number that is too large', 'a: 1234e567', { a: '1234e567' }],
    ['a number with an exponent', 'a: -1_2e3', { a: -12_000 }],
    ['a word of truth as a key', 'y: 1', { true: 1 }],
    ['text in base 64', 'a: !!binary aGk=', { a: 'hi' }],
    ['a merge before a key', 'b: &b {x: 1}\nm: {<<: *b, x: 2}', { b: { x: 1 }, m: { x: 2 } }],
    ['a merge behind a key', 'b: &b {x: 1}\nm: {x: 2, z: 3, <<: *b}', { b: { x: 1 }, m: { z: 3, x: 1 } }],
    [
      'two merges behind a key',
      'b: &b {x: 1}\nc: &c {x: 2}\nm: {x: 3, <<: [*b, *c]}',
      { b: { x: 1 }, c: { x: 2 }, m: { x: 1 } },
    ],
    ['a tab deeper than the map', 'a: 1\n  \t\nb: 2', { a: 1, b: 2 }],
    ['a tab within brackets', 'a: [1,\n \t2]', { a: [1, 2] }],
    ['a tab at the end of a line', 'a: 1\t\nb: 2', { a: 1, b: 2 }],
  ])('%s', (_name, text, value) => {
    expect(readPiece(text)).toEqual({ value, flaw: null });
  });

  test.each([
    ['null as a key', '~: 1', 'has null as a key'],
    ['no key', ': 1', 'has null as a key'],
    ['infinity', 'a: .inf', 'has .inf, which JSON does not have'],
    ['a line of a tab', 'a: 1\n\t\nb: 2', 'has a tab in front of a line'],
    ['a tab at the end', 'a: 1\n\t\n', 'has a tab in front of a line'],
    ['a tab as deep as the map', 'a:\n  b: 1\n  \t\nc: 2', 'has a tab in front of a line'],
    ['a tab behind a key', 'a:\n  \t\n  b: 1', 'has a tab in front of a line'],
    ['a tab behind a quoted text', 'a: "b"\n  \t\nc: 1', 'has a tab in front of a line'],
    ['a tab before a comment', 'a: 1\n\t# c\nb: 2', 'has a tab in front of a line'],
    ['a tab at the beginning', '\t\na: 1', 'has a tab in front of a line'],
  ])('refuses %s', (_name, text, says) => {
    expect(readPiece(text).flaw).toMatchObject({ kind: 'broken', says });
  });

  test.each([
    ['a key twice', 'a: 1\nb: 2\na: 3', { a: 3, b: 2 }, 'has the key a a second time, and only the last one counts'],
    [
      'a key twice within',
      'm: {a: 1, a: 2}',
      { m: { a: 2 } },
      'has the key a a second time, and only the last one counts',
    ],
    ['a tag', 'a: !secret b', { a: 'b' }, expect.stringMatching(/^has a tag that Kubernetes does not know/)],
  ])('takes %s in another way than it seems', (_name, text, value, says) => {
    expect(readPiece(text)).toMatchObject({ value, flaw: { kind: 'misread', says } });
  });
});
