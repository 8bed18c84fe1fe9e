import { expect, test } from 'vitest';
import { addresses, missesAddress, type ReachedNode } from '../../../../src/rehearse/kubernetes/traffic.ts';

const spec = { ports: [{ port: 80, nodePort: 30_080 }] };

function node(name: string, ready: 'True' | 'False', ...found: readonly (readonly [string, string])[]): ReachedNode {
  return {
    metadata: { name },
    status: {
      addresses: found.map(([type, address]) => ({ type, address })),
      conditions: [{ type: 'Ready', status: ready }],
    },
  };
}

test('a load balancer that has an address is the way in', () => {
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }, { hostname: 'lb.example' }] } };

  expect(addresses({ spec, status }, [node('a', 'True', ['ExternalIP', '192.0.2.1'])])).toEqual([
    'http://192.0.2.7:80',
    'http://lb.example:80',
  ]);
});

test('else it is the node port, at outer addresses first and only on nodes that are ready', () => {
  const nodes = [
    node('a', 'True', ['InternalIP', '10.0.0.1'], ['ExternalIP', '192.0.2.1'], ['Hostname', 'a']),
    node('b', 'True', ['InternalIP', '2001:db8::1']),
    node('c', 'False', ['InternalIP', '10.0.0.3']),
  ];

  expect(addresses({ spec }, nodes)).toEqual([
    'http://192.0.2.1:30080',
    'http://10.0.0.1:30080',
    'http://[2001:db8::1]:30080',
  ]);
});

test('a Service without a node port has no way in', () => {
  expect(addresses({ spec: { ports: [{ port: 80 }] } }, [node('a', 'True', ['InternalIP', '10.0.0.1'])])).toEqual([]);
});

test('a load balancer without an address is named, and nothing else', () => {
  const waiting = { spec: { ...spec, type: 'LoadBalancer' } };

  expect(missesAddress(waiting)).toContain('use --expose node-port');
  expect(missesAddress({ ...waiting, status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } })).toBeNull();
  expect(missesAddress({ spec: { ...spec, type: 'NodePort' } })).toBeNull();
});
