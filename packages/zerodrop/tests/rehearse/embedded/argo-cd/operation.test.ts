import { expect, test } from 'vitest';
import { compare } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { operate, type Operation } from '../../../../src/rehearse/embedded/argo-cd/sync.ts';
import { identity, type Manifest } from '../../../../src/rehearse/manifests/object.ts';
import type { HealthStatus } from '../../../../src/rollout/watch.ts';
import { makeMemory, type Memory } from './memory.ts';

const object = (kind: string, option?: string): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name: 'web',
    ...(option === undefined ? {} : { annotations: { 'argocd.argoproj.io/sync-options': option } }),
  },
});

/** An operation from what was applied before to what is wanted now. */
function operation(before: readonly Manifest[], after: readonly Manifest[], change: Partial<Operation> = {}) {
  const memory: Memory = makeMemory(...before);
  const applied = new Map(memory.live);
  const messages: string[] = [];
  const asked: Operation = {
    comparison: compare(after, applied, memory.live),
    objects: memory,
    applied,
    denied: [],
    prune: true,
    pruneLast: true,
    health: async () => 'Healthy',
    waitFor: (message) => messages.push(message),
    signal: new AbortController().signal,
    ...change,
  };
  return { asked, memory, applied, messages };
}

test('applies, then prunes, and remembers what it applied', async () => {
  const { asked, memory, applied } = operation([object('Old')], [object('New')]);
  expect(await operate(asked)).toEqual({ failed: false, message: 'successfully synced (all tasks run)' });
  expect(memory.did).toEqual(['create New', 'remove Old']);
  expect([...applied.keys()]).toEqual([identity(object('New'))]);
});

test('prunes first where PruneLast is not asked for', async () => {
  const { asked, memory } = operation([object('Old')], [object('New')], { pruneLast: false });
  await operate(asked);
  expect(memory.did).toEqual(['remove Old', 'create New']);
});

test('does nothing where one object is denied', async () => {
  const { asked, memory } = operation([], [object('New')], {
    denied: ['resource :New is not permitted in project web'],
  });
  expect(await operate(asked)).toEqual({
    failed: true,
    message: 'one or more synchronization tasks are not valid: resource :New is not permitted in project web',
  });
  expect(memory.did).toEqual([]);
});

test('applies the rest where the cluster rejects one object, and prunes nothing', async () => {
  const { asked, memory } = operation([object('Old')], [object('Rejected'), object('New')]);
  expect(await operate(asked)).toEqual({
    failed: true,
    message: 'one or more objects failed to apply, reason: web is invalid',
  });
  expect(memory.did).toEqual(['create New']);
});

test('prunes last only when what was applied is healthy', async () => {
  const healths: HealthStatus[] = ['Progressing', 'Healthy'];
  const { asked, memory, messages } = operation([object('Old')], [object('New')], {
    health: async () => healths.shift() ?? 'Unknown',
  });
  await operate(asked);
  expect(healths).toEqual([]);
  expect(messages).toEqual(['waiting for healthy state of what was applied']);
  expect(memory.did).toEqual(['create New', 'remove Old']);
});

test('prunes nothing when what was applied fails', async () => {
  const { asked, memory } = operation([object('Old')], [object('New')], { health: async () => 'Degraded' });
  expect(await operate(asked)).toMatchObject({ failed: true });
  expect(memory.did).toEqual(['create New']);
});

test('waits for a confirmation that is asked for before it prunes anything', async () => {
  const ending = new AbortController();
  const { asked, memory } = operation([object('Old'), object('Namespace', 'Prune=confirm,Delete=confirm')], [], {
    signal: ending.signal,
    waitFor(message) {
      expect(message).toBe('Waiting for pruning confirmation of v1/Namespace/web');
      queueMicrotask(() => ending.abort(new Error('over')));
    },
  });
  await expect(operate(asked)).rejects.toThrow('over');
  expect(memory.did).toEqual([]);
});

test('leaves alone what may not be pruned', async () => {
  const { asked, memory } = operation([object('Kept', 'Prune=false'), object('First', 'Prune=false,Prune=true')], []);
  await operate(asked);
  expect(memory.did).toEqual([]);
});
