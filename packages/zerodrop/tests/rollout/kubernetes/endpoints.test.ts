import { expect, test } from 'vitest';
import { readyEndpoints } from '../../../src/rollout/kubernetes/observe.ts';

const metadata = { uid: '1', resourceVersion: '1' };

function endpoint(name: string, ready?: boolean) {
  return {
    addresses: ['10.0.0.1'],
    targetRef: { name },
    ...(ready === undefined ? {} : { conditions: { ready } }),
  };
}

test('only what is ready takes new traffic, and what does not say so is', () => {
  const slice = { metadata, endpoints: [endpoint('web-c'), endpoint('web-b', false), endpoint('web-a', true)] };

  expect(readyEndpoints([slice])).toEqual(['web-a', 'web-c']);
});

test('a pod in the slices of both address families counts once', () => {
  const slice = { metadata, endpoints: [endpoint('web-a', true)] };

  expect(readyEndpoints([slice, slice])).toEqual(['web-a']);
});

test('an endpoint that is no pod is named by its address', () => {
  expect(readyEndpoints([{ metadata, endpoints: [{ addresses: ['192.0.2.1'] }] }, { metadata }])).toEqual([
    '192.0.2.1',
  ]);
});
