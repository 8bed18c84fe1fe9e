import { expect, test } from 'vitest';
import { makePatience, persistsMs } from '../../src/rollout/patience.ts';
import type { ApplicationObservation, PodObservation, RolloutState } from '../../src/rollout/watch.ts';

const awaited = { commit: 'b'.repeat(40), image: 'web' };
const other = 'a'.repeat(40);
const application: ApplicationObservation = {
  sync: 'Synced',
  health: 'Progressing',
  revision: awaited.commit,
  pending: false,
  phase: 'Succeeded',
  phaseRevision: awaited.commit,
  phaseStartedAt: 100_000,
  message: null,
  conditions: [],
};
const pod: PodObservation = { name: 'web-1', replicaSet: 'web-b', image: 'web', state: 'failed', createdAt: 100_000 };

function state(change: Partial<ApplicationObservation> = {}, changedPod: Partial<PodObservation> = {}): RolloutState {
  const counts = { replicas: 1, updated: 1, ready: 0, available: 0, settled: false, failure: null };
  return {
    application: { ...application, ...change },
    deployment: { image: 'web', replicaSet: 'web-b', ...counts },
    pods: [{ ...pod, ...changedPod }],
  };
}

test('the start of the sync counts as a step, once', () => {
  const patience = makePatience(0);
  patience.look(state({ sync: 'OutOfSync', phaseRevision: other }), awaited, 10);
  expect(patience.movedAt()).toBe(10);
  patience.look(state({ sync: 'OutOfSync', phaseRevision: other }), awaited, 20);
  expect(patience.movedAt()).toBe(10);
  patience.look(state(), awaited, 30);
  expect(patience.movedAt()).toBe(30);
  patience.look(state(), awaited, 40);
  expect(patience.movedAt()).toBe(30);
});

test('the first sync of a commit is the one that counts', () => {
  const patience = makePatience(0);
  patience.look(state(), awaited, 0);
  // Self-heal has synced the same commit again.
  expect(patience.look(state({ phaseStartedAt: 200_000 }), awaited, persistsMs)).not.toBeNull();
});

test('a look at what was applied in an earlier operation does not make the start of a later one earlier', () => {
  const patience = makePatience(0);
  const before = { createdAt: 50_000 };
  patience.look(state({ phaseRevision: other }, { ...before, state: 'starting' }), awaited, 0);
  patience.look(state({}, before), awaited, 10);
  expect(patience.look(state({}, before), awaited, 10 + persistsMs)).toBeNull();
});

test('the sync of another commit does not count, unless that one has the same manifests', () => {
  const shown = state({ sync: 'OutOfSync', phaseRevision: other });
  const [strict, same] = [makePatience(0), makePatience(0, (commit) => commit === other)];
  for (const patience of [strict, same]) patience.look(shown, awaited, 0);
  expect(strict.look(shown, awaited, persistsMs)).toBeNull();
  expect(same.look(shown, awaited, persistsMs)).not.toBeNull();
});
