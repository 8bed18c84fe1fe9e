import { expect, test } from 'vitest';
import { problems } from './sample.ts';

test.each([
  {},
  { network: { nodes: '10.0.0.0/26', pods: '10.4.0.0/16', services: '10.5.0.0/27' } },
  { network: { pods: '100.64.0.0/16' } },
  { size: 'demo', network: { pods: '10.244.0.0/22', nodes: '10.10.0.0/29' }, nodes: { maximumPerZone: 3 } },
])('takes %j', (change) => {
  expect(problems(change)).toEqual([]);
});

test.each([
  [{ network: true }, 'google.network is true, expected an object with nodes, pods, services.'],
  [{ network: { pod: '10.0.0.0/8' } }, 'google.network.pod is not a setting. Use one of nodes, pods, services.'],
  [{ network: { pods: 14 } }, 'google.network.pods is 14, expected a range'],
  [
    { network: { nodes: '10.10.0.1/24' } },
    "google.network.nodes is '10.10.0.1/24', expected a range such as '10.10.0.0/24' that begins at its own first address.",
  ],
  [{ network: { nodes: '8.8.8.0/24' } }, "google.network.nodes is '8.8.8.0/24', which is not private. Use one within"],
  [
    { network: { pods: '10.244.0.0/28' } },
    'google.network.pods is a /28, but each of up to 10 nodes takes a /24 of it for its pods. Use a /20 or larger.',
  ],
  [
    { network: { nodes: '10.10.0.0/29' } },
    "google.network.nodes is a /29, but it has to hold 10 nodes and Google's own four addresses. Use a /28 or larger.",
  ],
  [{ network: { services: '10.248.0.0/28' } }, 'google.network.services is a /28, but GKE takes no smaller range'],
  [
    { network: { services: '10.245.0.0/20' } },
    'google.network.pods and google.network.services overlap, so an address would mean two things. Move one of them.',
  ],
  [{ network: { nodes: '10.244.0.0/24' } }, 'google.network.nodes and google.network.pods overlap'],
])('refuses %j', (change, sentence) => {
  expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
});

test('asks for more pods where there may be more nodes', () => {
  expect(problems({ network: { pods: '10.244.0.0/20' }, nodes: { maximumPerZone: 10 } })).toEqual([
    expect.stringContaining('up to 31 nodes takes a /24 of it for its pods. Use a /19 or larger.'),
  ]);
});
