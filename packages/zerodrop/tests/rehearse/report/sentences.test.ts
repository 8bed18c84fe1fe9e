import { expect, test } from 'vitest';
import { controlLine, expectedAfter, headline, subline } from '../../../src/rehearse/report/words.ts';
import { lostOne, neverUp, small } from './reports.ts';

test('the headline counts what was lost', () => {
  expect(headline(small)).toBe('0 of 360 requests lost');
  expect(headline(lostOne)).toBe('1 of 360 requests lost');
  expect(headline(neverUp)).toBe('No request was sent');
});

test('below it stands what was played', () => {
  expect(subline(small)).toBe(
    'A release and a revert of 2 replicas under 20 requests a second, on the embedded cluster.',
  );
  expect(subline({ ...small, settings: 'original', target: 'context:kind-web' })).toBe(
    'A release and a revert of 2 replicas under 20 requests a second, on the cluster of context kind-web, with the settings of the original.',
  );
  expect(subline(neverUp)).toBe('Load alone, no rollout, under 20 requests a second, on the embedded cluster.');
  expect(subline({ ...small, rollouts: small.rollouts.slice(0, 1) })).toContain('A release of 2 replicas');
});

test('the control has its own figures, where one was played', () => {
  expect(controlLine(small)).toBe('The control, the settings of the original, lost 1 of 360 requests.');
  expect(controlLine(neverUp)).toBeNull();
});

test('a rollout is expected from its sync on', () => {
  const [release] = small.rollouts;
  if (release === undefined) throw new Error('The small play has no release.');
  expect(expectedAfter(release)).toBe('4.5 s');
  expect(expectedAfter({ ...release, syncedAfterMs: null })).toBe('–');
  const forecast = {
    completeMs: [2_000, 4_000],
    lastOldPodGoneMs: [2_500, 4_500],
    mostPods: [3, 3],
    fewestReady: [2, 2],
  } as const;
  expect(expectedAfter({ ...release, forecast })).toBe('2.5–4.5 s');
});
