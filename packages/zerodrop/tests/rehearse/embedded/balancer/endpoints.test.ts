import { expect, test } from 'vitest';
import { choose, eligible, type Endpoint } from '../../../../src/rehearse/embedded/balancer/traffic.ts';

function endpoint(pod: string, state: 'ready' | 'draining' | 'starting' | 'gone'): Endpoint {
  return {
    pod,
    port: 20_000,
    healthPort: null,
    ready: state === 'ready',
    serving: state === 'ready' || state === 'draining',
    terminating: state === 'draining' || state === 'gone',
  };
}

test('sends new connections to ready endpoints only', () => {
  const ready = endpoint('a', 'ready');
  expect(eligible([endpoint('b', 'draining'), ready, endpoint('c', 'starting')])).toEqual([ready]);
});

test('falls back to those that still serve while they terminate', () => {
  const draining = endpoint('a', 'draining');
  expect(eligible([draining, endpoint('b', 'starting'), endpoint('c', 'gone')])).toEqual([draining]);
});

test('has nobody to send a connection to where nothing serves', () => {
  expect(choose([endpoint('a', 'starting'), endpoint('b', 'gone')], 0.5)).toBeNull();
  expect(choose([], 0)).toBeNull();
});

test('gives each endpoint an equal part of the range of chance', () => {
  const endpoints = ['a', 'b', 'c', 'd'].map((pod) => endpoint(pod, 'ready'));
  expect([0, 0.3, 0.5, 0.99].map((random) => choose(endpoints, random)?.pod)).toEqual(['a', 'b', 'c', 'd']);
});
