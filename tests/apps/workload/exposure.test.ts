import { expect, test } from 'vitest';
import { resolveWorkloads } from '../../../apps/workload/resolve.ts';
import { workload } from '../../settings/sample.ts';

test.each<[object, string]>([
  [
    { exposure: 'gateway' },
    "hosts is missing, but a gateway needs a host name: its route and its certificate are of one. Write hosts: ['www.example.com'].",
  ],
  [
    { exposure: 'gateway', hosts: [] },
    "hosts has no entry, but a gateway's route and its certificate are of a host name. Write one such as 'www.example.com'.",
  ],
  [
    { exposure: 'gateway', hosts: ['www'] },
    "hosts[0] is 'www', which is no name of a domain, so nobody finds it and no certificate is signed for it. Write all of it, such as 'www.example.com'.",
  ],
  [
    { hosts: ['www.example.com'] },
    'hosts is set, but only exposure gateway has it. Leave it out, or set exposure to gateway.',
  ],
  [{ securityPolicy: 'shield' }, 'securityPolicy is set, but only exposure gateway has it.'],
  [
    { exposure: 'gateway', hosts: ['a.example.com'], sourceRanges: ['10.0.0.0/8'] },
    'sourceRanges is set, but only a load-balancer has it. With exposure gateway, name a Cloud Armor policy: securityPolicy.',
  ],
  [{ sourceRanges: ['10.0.0.0'] }, "sourceRanges[0] is '10.0.0.0', expected a range of IPv4 addresses such as"],
  [{ sourceRanges: ['203.0.113.7/24'] }, "such as '203.0.113.0/24' that begins at its own first address."],
  [{ sourceRanges: ['2001:db8::/32'] }, "sourceRanges[0] is '2001:db8::/32', expected a range of IPv4 addresses"],
  [{ sourceRanges: ['10.0.0.0/8', '10.0.0.0/8'] }, 'sourceRanges names one range twice. Keep one of each.'],
  [{ sourceRanges: [] }, 'sourceRanges has no entry, and so would let everybody in.'],
  [
    { exposure: 'gateway', hosts: ['a.example.com'], externalTrafficPolicy: 'Local' },
    "externalTrafficPolicy is 'Local', but a gateway sends requests to the pods themselves. Leave it out.",
  ],
  [
    { exposure: 'gateway', hosts: ['a.example.com'], probes: { readiness: { tcp: 8080 } } },
    "healthCheck is missing, but Google's load balancer asks a pod by HTTP, and probes.readiness is no path. Write healthCheck: { path: '/healthz' }.",
  ],
  ...[
    'WWW.example.com',
    '*.example.com',
    'www.example.com.',
    'https://www.example.com',
    '10.0.0.1',
    'a..example.com',
    `${'a'.repeat(60)}.example.com`,
  ].map((host): [object, string] => [
    { exposure: 'gateway', hosts: [host] },
    `hosts[0] is '${host}', expected a host name such as 'www.example.com'.`,
  ]),
  ...[94, 100, 99.995, '99'].map((availability): [object, string] => [
    { slo: { availability, latencyMs: 500 } },
    'expected percent of requests from 95 to 99.99, such as 99.9.',
  ]),
  [{ slo: { availability: 99.9, latencyMs: 333 } }, 'slo.latencyMs is 333, expected one of 5, 10, '],
  ...['api', '/api/', '/a//b', '/a/../b', '/a b', '/api/*', ''].map((path): [object, string] => [
    { exposure: 'gateway', hosts: ['a.example.com'], path },
    `path is '${path}', expected the beginning of a path such as '/api'`,
  ]),
  [
    { exposure: 'gateway', hosts: ['a.example.com'], healthCheck: { intervalSeconds: 301 } },
    'healthCheck.intervalSeconds is 301, expected whole seconds from 1 to 300.',
  ],
])('refuses %j', (given, sentence) => {
  const { problems } = resolveWorkloads({ kind: 'web', ...workload, ...given }, ['staging', 'production']);
  expect(problems).toEqual([expect.stringContaining(sentence)]);
});
