import type { V1EndpointSlice } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { endpointsOf, targetPort } from '../../../../src/rehearse/embedded/control-plane/controllers.ts';

const slice: V1EndpointSlice = {
  addressType: 'IPv4',
  metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
  ports: [{ port: 8_080 }],
  endpoints: [
    {
      addresses: ['10.0.0.1'],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { name: 'a' },
    },
    {
      addresses: ['10.0.0.2'],
      conditions: { ready: false, serving: true, terminating: true },
      targetRef: { name: 'b' },
    },
  ],
};

const web = { service: 'web', health: null };

test('finds the port that a health check asks', () => {
  const checked = { service: 'web', health: { path: '/readyz', port: 9_090 } };
  const [first] = endpointsOf([slice], checked, (_, port) => port + 12_000);
  expect(first).toMatchObject({ port: 20_080, healthPort: 21_090 });
});

test('finds the port that stands for each endpoint', () => {
  expect(endpointsOf([slice], web, (address, port) => (address === '10.0.0.1' ? port + 12_000 : null))).toEqual([
    { pod: 'a', port: 20_080, healthPort: null, ready: true, serving: true, terminating: false },
    { pod: 'b', port: null, healthPort: null, ready: false, serving: true, terminating: true },
  ]);
});

test('finds the number that each pod gives the name of a port', () => {
  const service = { spec: { ports: [{ port: 80, targetPort: 'http' }] } };
  const pods = Object.entries({ a: 8_080, b: 9_090 }).map(([name, containerPort]) => ({
    metadata: { name },
    spec: { containers: [{ name: 'web', ports: [{ name: 'http', containerPort }] }] },
  }));
  const target = (name: string) =>
    targetPort(
      service,
      pods.find(({ metadata }) => metadata.name === name),
    );

  expect(endpointsOf([slice], web, (_, port) => port, target).map(({ port }) => port)).toEqual([8_080, 9_090]);
  expect(targetPort({ spec: { ports: [{ port: 80 }] } }, pods[0])).toBe(80);
  expect(targetPort(undefined, undefined)).toBeUndefined();
});

test('leaves out the slices of other services', () => {
  expect(endpointsOf([slice], { service: 'other', health: null }, () => 20_001)).toEqual([]);
  expect(endpointsOf([slice], { service: null, health: null }, () => 20_001)).toEqual([]);
});

test('has no port where the slice names none', () => {
  expect(endpointsOf([{ ...slice, ports: [] }], web, () => 20_001)[0]?.port).toBeNull();
});
