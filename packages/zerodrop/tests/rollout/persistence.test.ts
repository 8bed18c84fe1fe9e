import { expect, test } from 'vitest';
import { makePersistence, persistsMs } from '../../src/rollout/patience.ts';

const pod = (restarts = 0, name = 'web-1') => ({ subject: `Pod ${name}`, reason: `${name} fails`, restarts });

test('a failure is a verdict once it has persisted', () => {
  const { note } = makePersistence();
  expect(note([pod()], 1_000)).toBeNull();
  expect(note([pod()], 1_000 + persistsMs - 1)).toBeNull();
  expect(note([pod()], 1_000 + persistsMs)).toEqual(pod());
});

test('a failure that goes away and comes back has to persist anew', () => {
  const { note } = makePersistence();
  note([pod(2)], 0);
  note([], 15_000);
  expect(note([pod(2)], 25_000)).toBeNull();
  expect(note([pod(2)], 25_000 + persistsMs)).not.toBeNull();
});

test('one that comes back with more restarts has persisted all the while, and is no verdict while it runs', () => {
  const { note } = makePersistence();
  note([pod(2)], 0);
  expect(note([], 25_000)).toBeNull();
  expect(note([pod(3)], 26_000)).toEqual(pod(3));
});

test('failures that alternate are not one that persists', () => {
  const { note } = makePersistence();
  note([pod(0, 'web-1')], 0);
  note([pod(0, 'web-2')], 15_000);
  expect(note([pod(0, 'web-1')], 30_000)).toBeNull();
});

test('of several the one that has persisted is the reason', () => {
  const { note } = makePersistence();
  note([pod(0, 'web-1')], 0);
  expect(note([pod(0, 'web-2'), pod(0, 'web-1')], persistsMs)).toEqual(pod(0, 'web-1'));
});

test('everything persists anew after progress', () => {
  const { note, reset } = makePersistence();
  note([pod()], 0);
  reset();
  expect(note([pod(1)], persistsMs)).toBeNull();
});
