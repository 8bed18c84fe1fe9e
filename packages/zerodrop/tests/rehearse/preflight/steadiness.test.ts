import { expect, test } from 'vitest';
import { applicationsSince, unrest } from '../../../src/rehearse/preflight/preflight.ts';
import type { ApplicationObservation, Observed } from '../../../src/rollout/watch.ts';

function seen(at: number, change: Partial<ApplicationObservation> = {}) {
  return {
    kind: 'application',
    at,
    sync: 'Synced',
    health: 'Healthy',
    revision: 'a'.repeat(40),
    pending: false,
    phase: 'Succeeded',
    phaseRevision: 'a'.repeat(40),
    message: null,
    conditions: [],
    ...change,
  } as const;
}

test('what was seen before does not count', () => {
  const pods: Observed = { kind: 'pods', pods: [], at: 20 };
  const observed = [seen(10, { sync: 'OutOfSync' }), pods, seen(30)];

  expect(applicationsSince(observed, 20).map(({ at }) => at)).toEqual([30]);
});

test('an application that stays as it is comes to rest', () => {
  expect(unrest([seen(1), seen(2)])).toEqual([]);
});

test('one that goes out of sync by itself does not', () => {
  expect(unrest([seen(1), seen(2, { sync: 'OutOfSync' })])).toEqual([
    'Argo CD calls it OutOfSync and Healthy without any change.',
  ]);
});

test('one that syncs again and again does not, though it is Synced each time somebody looks', () => {
  expect(unrest([seen(1, { phase: 'Running' })])).toEqual(['Argo CD syncs it again without any change.']);
});
