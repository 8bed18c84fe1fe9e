import { expect, test } from 'vitest';
import { lagsOf, lagWords } from '../../../src/rehearse/preflight/lag.ts';

const answers = [
  { pod: 'a', at: 900 },
  { pod: 'a', at: 1_000 },
  { pod: 'b', at: 1_100 },
  { pod: 'a', at: 1_400 },
  { pod: 'c', at: 3_300 },
  { pod: 'b', at: 3_400 },
  { pod: 'c', at: 3_500 },
];

test('counts from the word to leave to the last request, and from ready to the first', () => {
  expect(lagsOf(answers, { pod: 'a', toldAt: 1_000 }, { pod: 'c', readyAt: 3_000 })).toEqual({
    removalMs: 400,
    additionMs: 300,
  });
});

test('is nothing for a pod that got no request any more, and for one that got some before it was seen ready', () => {
  expect(lagsOf(answers, { pod: 'a', toldAt: 2_000 }, { pod: 'c', readyAt: 3_350 })).toEqual({
    removalMs: 0,
    additionMs: 0,
  });
});

test('says the drain that follows from the longest', () => {
  expect(lagWords({ removalMs: [400, 3_100, 800], additionMs: [200, 100, 300], isCut: false })).toBe(
    [
      'Requests reach a pod that was told to end for 0.80 s (median), 3.10 s (9 of 10), 3.10 s (longest of 3).',
      'Requests reach a pod that is ready after 0.20 s (median), 0.30 s (9 of 10), 0.30 s (longest of 3).',
      'Let a pod drain for 6 s or more: the longest, rounded up, and 2 s (endpointLagSeconds: 4).',
    ].join('\n'),
  );
});

test('names no drain where the pods were sent requests to their end', () => {
  expect(lagWords({ removalMs: [15_000], additionMs: [0], isCut: true })).toMatch(
    /A pod was sent requests to the end of its drain: the lag is longer than that\./,
  );
});
