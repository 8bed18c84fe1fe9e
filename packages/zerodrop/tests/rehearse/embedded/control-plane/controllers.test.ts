import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { keptByBudgets, mayEvict, withinBounds } from '../../../../src/rehearse/embedded/control-plane/controllers.ts';
import type { Manifest } from '../../../../src/rehearse/manifests/object.ts';

test('without a metric an autoscaler keeps to its bounds, and one that is switched off stays so', () => {
  expect([0, 1, 2, 5, 6, 9].map((replicas) => withinBounds(replicas, 2, 6))).toEqual([0, 2, 2, 5, 6, 6]);
  expect(withinBounds(0, 0, 6)).toBe(0);
});

const labels = { app: 'web', 'pod-template-hash': 'a' };
const pod = (name: string, isReady = true): V1Pod => ({
  metadata: { name, labels },
  status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
});
const budget = (spec: object): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

const three = [pod('a'), pod('b'), pod('c')];

describe('evictions', () => {
  test.each([
    [{ minAvailable: 2 }, 2],
    [{ minAvailable: '50%' }, 2],
    [{ maxUnavailable: 1 }, 2],
    [{ maxUnavailable: '34%' }, 1],
    [{ maxUnavailable: 0 }, 3],
  ])('a budget of %j keeps %i of 3 pods', (spec, kept) => {
    expect(keptByBudgets([budget(spec)], labels, 3)).toBe(kept);
  });

  test('a budget of other pods keeps none', () => {
    const other = budget({ minAvailable: 3, selector: { matchLabels: { app: 'api' } } });

    expect(keptByBudgets([other], labels, 3)).toBeNull();
    expect(mayEvict([other], three, 'a')).toBe(true);
  });

  test('are granted while more pods are healthy than the budget keeps', () => {
    expect(mayEvict([budget({ minAvailable: 2 })], three, 'a')).toBe(true);
    expect(mayEvict([budget({ minAvailable: 2 })], [pod('a'), pod('b', false), pod('c')], 'a')).toBe(false);
    expect(mayEvict([budget({ maxUnavailable: 0 })], three, 'a')).toBe(false);
  });

  test('are granted for a pod that is not ready, or gone', () => {
    expect(mayEvict([budget({ maxUnavailable: 0 })], [pod('a', false), pod('b')], 'a')).toBe(true);
    expect(mayEvict([budget({ maxUnavailable: 0 })], three, 'd')).toBe(true);
  });
});
