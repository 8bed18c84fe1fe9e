import { expect, test } from 'vitest';
import { labelSelector } from '../../../src/rollout/kubernetes/objects.ts';

test.each([
  [{ matchLabels: { app: 'web', tier: 'front' } }, 'app=web,tier=front'],
  [
    {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'stage', operator: 'NotIn', values: ['test'] },
        { key: 'owned', operator: 'Exists' },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    },
    'app=web,tier in (front,back),stage notin (test),owned,!old',
  ],
  [undefined, ''],
])('%j is asked for as %s', (selector, query) => {
  expect(labelSelector(selector)).toBe(query);
});
