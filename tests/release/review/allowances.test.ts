import { expect, test } from 'vitest';
import { allowances } from '../../../release/review/allowances.ts';

test('reads the rules that commits allow, and why', () => {
  const commits = [
    { commit: 'a1', trailers: ['replicas-lost: nobody uses it: really', 'max-unavailable:it is a test'] },
    { commit: 'b2', trailers: [] },
  ];
  expect(allowances(commits)).toEqual({
    granted: [
      { rule: 'replicas-lost', because: 'nobody uses it: really', commit: 'a1' },
      { rule: 'max-unavailable', because: 'it is a test', commit: 'a1' },
    ],
    notes: [],
  });
});

test.each([
  ['replica-lost: a typo', 'replica-lost is no rule'],
  ['toString: x', 'toString is no rule'],
  ['replicas-lost', 'it gives no reason after the rule'],
  ['replicas-lost: ', 'it gives no reason after the rule'],
  [': because', 'it names no rule'],
])('tells the author of "%s" that it allows nothing', (trailer, problem) => {
  expect(allowances([{ commit: 'a1', trailers: [trailer] }])).toEqual({
    granted: [],
    notes: [`The trailer "Guard-Allowed: ${trailer}" of a1 allows nothing: ${problem}.`],
  });
});
