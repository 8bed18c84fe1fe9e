import { expect, test } from 'vitest';
import { applyMergePatch, merged, mergePatch } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import type { Fields } from '../../../../src/rehearse/manifests/object.ts';

/** What a live value becomes, by way of the patch that is sent. */
function heal(live: Fields, applied: Fields, desired: Fields): Fields {
  const patch = mergePatch(live, merged(live, applied, desired) as Fields);
  return patch === undefined ? live : applyMergePatch(live, patch);
}

const variable = (name: string, value: string) => ({ name, value });

test('sets what git sets and leaves alone what the cluster filled in', () => {
  const live = { spec: { replicas: 5, strategy: { type: 'RollingUpdate' } }, status: { replicas: 5 } };
  const desired = { spec: { replicas: 3 } };
  expect(mergePatch(live, merged(live, desired, desired) as Fields)).toEqual({ spec: { replicas: 3 } });
});

test('asks for nothing where nothing differs', () => {
  const live = { spec: { replicas: 3, paused: false }, status: {} };
  const desired = { spec: { replicas: 3 } };
  expect(mergePatch(live, merged(live, desired, desired) as Fields)).toBeUndefined();
});

test('takes away what git once set, and nothing else', () => {
  const live = { metadata: { labels: { mine: '1', theirs: '2' } } };
  const applied = { metadata: { labels: { mine: '1' } } };
  expect(heal(live, applied, { metadata: { labels: {} } })).toEqual({ metadata: { labels: { theirs: '2' } } });
});

test('takes a field without a value for one that is not set', () => {
  const live = { spec: { a: 1 } };
  expect(heal(live, {}, { spec: { a: 1, b: null } })).toEqual(live);
});

test('merges lists by name: others keep what they added, git takes back what it set', () => {
  const live = { env: [variable('A', 'drifted'), variable('OLD', '1'), variable('BY_HAND', '1')] };
  const applied = { env: [variable('A', '1'), variable('OLD', '1')] };
  const desired = { env: [variable('A', '1'), variable('NEW', '1')] };
  expect(heal(live, applied, desired)).toEqual({
    env: [variable('A', '1'), variable('NEW', '1'), variable('BY_HAND', '1')],
  });
});

test('keeps defaults in the items of a list', () => {
  const live = {
    containers: [{ name: 'web', image: 'v1', terminationMessagePath: '/dev/log' }],
    ports: [{ port: 80, nodePort: 30_000 }],
  };
  const desired = { containers: [{ name: 'web', image: 'v2' }], ports: [{ port: 80 }] };
  expect(heal(live, {}, desired)).toEqual({
    containers: [{ name: 'web', image: 'v2', terminationMessagePath: '/dev/log' }],
    ports: [{ port: 80, nodePort: 30_000 }],
  });
});

test('replaces a list without names whose length changed', () => {
  expect(heal({ args: ['a', 'b'] }, { args: ['a', 'b'] }, { args: ['a'] })).toEqual({ args: ['a'] });
});
