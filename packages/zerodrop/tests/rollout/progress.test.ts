import { expect, test } from 'vitest';
import { makeProgress } from '../../src/rollout/patience.ts';
import type { PodState, RolloutState } from '../../src/rollout/watch.ts';

function state(
  pods: Partial<Record<'old' | 'new', readonly PodState[]>>,
  replicas = 2,
  replicaSet = 'new',
): RolloutState {
  const counts = { replicas, updated: 0, ready: 0, available: 0, settled: false, failure: null };
  return {
    application: null,
    deployment: { image: 'web', replicaSet, ...counts },
    pods: Object.entries(pods).flatMap(([set, states]) =>
      states.map((podState, n) => ({ name: `${set}-${n}`, replicaSet: set, image: 'web', state: podState })),
    ),
  };
}

test('a new pod, a ready one and an old one that has left are steps', () => {
  const { note } = makeProgress();
  expect(note(state({ old: ['ready', 'ready'] }))).toBe('started');
  expect(note(state({ old: ['ready', 'ready'], new: ['pending'] }))).toBe('started');
  expect(note(state({ old: ['ready', 'ready'], new: ['starting'] }))).toBe('none');
  expect(note(state({ old: ['ready', 'ready'], new: ['ready'] }))).toBe('ready');
  expect(note(state({ old: ['ready', 'terminating'], new: ['ready'] }))).toBe('none');
  expect(note(state({ old: ['ready'], new: ['ready'] }))).toBe('ready');
});

test('a pod that is ready now and then is no step', () => {
  const { note } = makeProgress();
  note(state({ new: ['ready'] }));
  expect(note(state({ new: ['failed'] }))).toBe('none');
  expect(note(state({ new: ['ready'] }))).toBe('none');
  expect(note(state({ old: ['terminating'], new: ['ready'] }))).toBe('none');
});

test('a new template is a step', () => {
  const { note } = makeProgress();
  note(state({ new: ['ready'] }));
  expect(note(state({ new: ['ready'] }, 2, 'newer'))).toBe('started');
});

test('a changed number of replicas is no step, but what comes after it is', () => {
  const { note } = makeProgress();
  note(state({ old: ['ready'], new: ['ready', 'ready', 'ready'] }));
  expect(note(state({ old: ['ready'], new: ['ready'] }, 10))).toBe('none');
  expect(note(state({ old: ['ready'], new: ['ready', 'ready'] }, 10))).toBe('ready');
});
