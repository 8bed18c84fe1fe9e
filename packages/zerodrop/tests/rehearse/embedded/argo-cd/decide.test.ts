import { expect, test } from 'vitest';
import type { Application } from '../../../../src/rehearse/embedded/argo-cd/application.ts';
import type { Comparison } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { type Attempt, decide, healAfterMs, retryAfterMs } from '../../../../src/rehearse/embedded/argo-cd/sync.ts';

const application = (automated: Application['automated']): Application => ({
  name: 'web',
  project: 'web',
  repository: '',
  revision: 'main',
  path: 'm',
  destination: { server: '', namespace: '' },
  automated,
  retry: { limit: 2, firstMs: 5_000, factor: 2, mostMs: 8_000, refresh: false },
  pruneLast: true,
  ignored: [],
  respectsIgnored: false,
});

const all = { prune: true, selfHeal: true, allowEmpty: false };
const manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } };
const same: Comparison = { changes: [], same: [manifest], prunes: [], wipesOut: false };
const differs: Comparison = { ...same, changes: [{ manifest, patch: { spec: {} } }] };
const leaves: Comparison = { ...same, prunes: [manifest] };
const empties: Comparison = { changes: [], same: [], prunes: [manifest], wipesOut: true };
const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  revision: 'abc',
  failure: null,
  heals: 0,
  endedAt: 1_000,
  ...change,
});
const stay = { sync: false, error: null };

test('syncs what differs or is to be pruned, and rests where nothing is', () => {
  expect(decide(application(all), differs, 'abc', null, 0)).toEqual({ sync: true });
  expect(decide(application(all), leaves, 'abc', null, 0)).toEqual({ sync: true });
  expect(decide(application(all), same, 'abc', null, 0)).toEqual(stay);
});

test('leaves to a person what is not automated', () => {
  expect(decide(application(null), differs, 'abc', null, 0)).toEqual(stay);
  expect(decide(application({ ...all, prune: false }), leaves, 'abc', null, 0)).toEqual(stay);
});

test('never tries a failed commit again, but the next one', () => {
  const failed = attempt({ failure: 'not permitted' });
  expect(decide(application(all), differs, 'abc', failed, 1_000_000)).toEqual({
    sync: false,
    error: 'Failed last sync attempt to [abc]: not permitted',
  });
  expect(decide(application(all), differs, 'def', failed, 0)).toEqual({ sync: true });
});

test('never syncs to nothing, unless that is allowed', () => {
  expect(decide(application(all), empties, 'abc', null, 0)).toEqual({
    sync: false,
    error: 'Skipping sync attempt to [abc]: auto-sync will wipe out all resources',
  });
  expect(decide(application({ ...all, allowEmpty: true }), empties, 'abc', null, 0)).toEqual({ sync: true });
});

test('heals at once, then later each time, and not at all where that is off', () => {
  expect(decide(application(all), differs, 'abc', attempt(), 1_000)).toEqual({ sync: true });
  expect(decide(application(all), differs, 'abc', attempt({ heals: 1 }), 2_999)).toEqual(stay);
  expect(decide(application(all), differs, 'abc', attempt({ heals: 1 }), 3_000)).toEqual({ sync: true });
  expect(decide(application({ ...all, selfHeal: false }), differs, 'abc', attempt(), 9_000)).toEqual(stay);
  expect([0, 1, 2, 3, 9].map(healAfterMs)).toEqual([0, 2_000, 6_000, 18_000, 300_000]);
});

test('a sync that failed is tried again later each time, and as often as the application says', () => {
  const { retry } = application(all);

  expect([0, 1, 2].map((retries) => retryAfterMs(retry, retries))).toEqual([5_000, 8_000, null]);
  expect(retryAfterMs({ ...retry, limit: -1 }, 9)).toBe(8_000);
});
