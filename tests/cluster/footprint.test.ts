import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Project } from '../../apps/project.ts';
import { footprint, sayFootprint } from '../../cluster/footprint.ts';
import { projectWith } from '../settings/sample.ts';
import { clusterOf, sample, samples } from './sample.ts';

/** The same cluster with two environments. */
function twice(size: 'production' | 'demo'): Project {
  const { settings } = sample({ size });
  return projectWith({}, { ...settings, environments: [{ name: 'staging' }, { name: 'production' }] });
}

test('counts nodes over zones, and an address for each balancer beside NAT', () => {
  expect(footprint(clusterOf(twice('production')))).toEqual({
    nodes: { least: 3, most: 9 },
    diskGbPerNode: 50,
    addresses: 3,
    networkBalancers: 2,
    applicationBalancers: 0,
  });
});

test('counts the Gateway of a public Argo CD, and no balancer for what is not exposed', () => {
  const { settings } = samples.everything;
  expect(footprint(clusterOf(projectWith({ exposure: 'cluster-ip' }, settings)))).toMatchObject({
    addresses: 2,
    networkBalancers: 0,
    applicationBalancers: 1,
  });
});

test.each(['production', 'demo'] as const)('is what docs/how-to/bring-up.md compares for %s', (size) => {
  const it = footprint(clusterOf(twice(size)));
  const row = new RegExp(
    String.raw`^\| \`${size}\` \|.* ${it.nodes.least} to ${it.nodes.most} \| .*${it.diskGbPerNode} GB.* \| ${it.addresses} or more \| ${it.networkBalancers} \| ${it.applicationBalancers} \|`,
    'm',
  );
  expect(readFileSync('docs/how-to/bring-up.md', 'utf8')).toMatch(row);
});

test('is said in half a sentence', () => {
  expect(sayFootprint(footprint(clusterOf(samples.demo)))).toBe('2 to 3 nodes, 2 public addresses, load balancers: 1');
});
