import { expect, test } from 'vitest';
import { type ClusterEvent, latest, warningObservation } from '../../../src/rollout/kubernetes/explain.ts';

function event(name: string, reason: string, at: Partial<ClusterEvent>): ClusterEvent {
  return {
    metadata: { uid: reason, resourceVersion: '1' },
    type: 'Warning',
    reason,
    message: `${reason} happened.\n`,
    involvedObject: { kind: 'Pod', name },
    ...at,
  };
}

test('a warning names its object, reason and words', () => {
  expect(warningObservation(event('web-a', 'BackOff', {}))).toEqual({
    kind: 'warning',
    object: 'Pod web-a',
    reason: 'BackOff',
    message: 'BackOff happened.',
  });
});

test('the latest events about an object are told in their order, whichever field has the time', () => {
  const events = [
    event('web-a', 'third', { lastTimestamp: null, eventTime: '2026-01-01T00:00:03.000000Z' }),
    event('web-a', 'first', { lastTimestamp: '2026-01-01T00:00:01Z' }),
    event('web-b', 'other', { lastTimestamp: '2026-01-01T00:00:04Z' }),
    event('web-a', 'second', { lastTimestamp: '2026-01-01T00:00:02Z' }),
  ];

  expect(latest(events, new Set(['web-a']), -Infinity, 2).map(({ reason }) => reason)).toEqual(['second', 'third']);
});
