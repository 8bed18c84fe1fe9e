import { expect, test } from 'vitest';
import { type RolloutSpan, servingTimes, stray } from '../../../src/rehearse/verdict/samples.ts';
import { first, release, revert, samples } from './small.ts';

const span = (rollout: RolloutSpan['rollout']): RolloutSpan => ({ rollout, from: rollout.pushedAt, to: 20_000 });
const spans = [first, release, revert].map(span);
const always = Number.POSITIVE_INFINITY;

test('a version that comes back may answer twice', () => {
  expect(servingTimes(spans, 'v1')).toEqual([
    { from: 0, to: 8_000 },
    { from: 10_000, to: always },
  ]);
  expect(servingTimes(spans, 'v2')).toEqual([{ from: 2_000, to: 16_000 }]);
});

test('a version that was there before the first push may answer from the start', () => {
  expect(servingTimes([span(release)], 'v1')).toEqual([{ from: -always, to: 8_000 }]);
});

test('a rollout that was overtaken before its old pods were gone does not end their time: the next one does', () => {
  const overtaken = { ...release, lastOldPodGoneAt: null };
  const v3 = { ...release, from: 'v2', to: 'v3', pushedAt: 3_000, lastOldPodGoneAt: 9_000 };
  const two = [span(first), span(overtaken), span(v3)];

  expect(servingTimes(two, 'v1')).toEqual([{ from: 0, to: 9_000 }]);
  expect(servingTimes(two, 'v2')).toEqual([{ from: 2_000, to: 9_000 }]);
});

test('a revert in the middle of a rollout leaves the old version no gap', () => {
  const reverted = { ...release, lastOldPodGoneAt: null };
  const back = { ...revert, pushedAt: 4_000, lastOldPodGoneAt: 9_000 };

  expect(servingTimes([span(first), span(reverted), span(back)], 'v1')).toEqual([{ from: 0, to: always }]);
});

test.each([
  [1_990, 1_999, 'early'],
  [1_990, 2_001, null],
  [15_999, 16_100, null],
  [16_001, 16_002, 'late'],
])('an answer of v2, sent at %i and ended at %i, is %s', (sentAt, endedAt, expected) => {
  const [sample] = samples;
  if (sample === undefined) throw new Error('The small play has no samples.');
  expect(stray({ ...sample, sentAt, endedAt }, servingTimes(spans, 'v2'))).toBe(expected);
});
