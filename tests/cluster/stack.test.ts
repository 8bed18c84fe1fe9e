import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster/index.js';
import { App, TerraformStack } from 'cdktf';
import { expect, test } from 'vitest';
import { create, inputOf, terraformStacks, vanished } from '../../cluster/stack.ts';
import { compose, stacksOf } from '../../cluster/synthesize.ts';
import { clusterOf, samples } from './sample.ts';

function app(): { readonly app: App; readonly stack: TerraformStack } {
  const made = new App();
  return { app: made, stack: new TerraformStack(made, 'test') };
}

test.each(Object.entries(samples))('finds everything that is given for %s in the JSON', (_name, settings) => {
  const made = compose(clusterOf(settings));
  expect(vanished(made, stacksOf(made))).toEqual([]);
});

test('knows what every element but the backends was given', () => {
  const without = terraformStacks(compose(clusterOf(samples.everything))).flatMap((stack) =>
    stack.node.children
      .filter((child) => child.constructor.name !== 'GcsBackend')
      .filter((child) => !('fqn' in child) || inputOf(Object.assign(child)) === undefined)
      .map((child) => child.node.path),
  );
  expect(without).toEqual([]);
});

test('sees a list that was given for a block', () => {
  const { app: made, stack } = app();
  // What a cast would let through; JSON.parse has no type to contradict.
  create(ContainerCluster, stack, 'cluster', {
    name: 'cluster',
    privateClusterConfig: JSON.parse('[{"enablePrivateNodes":true}]'),
  });
  expect(vanished(made, stacksOf(made))).toEqual([
    'test: google_container_cluster.cluster.privateClusterConfig was given a value that is not in the JSON. Look up in the bindings whether it is a block or a list.',
  ]);
});

test('sees a misspelled argument and a lost item', () => {
  const { app: made, stack } = app();
  create(ComputeSubnetwork, stack, 'subnet', {
    name: 'subnet',
    network: 'network',
    ...JSON.parse('{"ipCidrRanges":"10.0.0.0/24","secondaryIpRange":[{"rangeName":"pods","cidr":"10.0.0.0/8"}]}'),
  });
  expect(vanished(made, stacksOf(made))).toEqual([
    expect.stringContaining('google_compute_subnetwork.subnet.ipCidrRanges was given'),
    expect.stringContaining('google_compute_subnetwork.subnet.secondaryIpRange[0].cidr was given'),
  ]);
});

test('leaves a list for a block, and an unknown argument, to the type checker first', () => {
  const { stack } = app();
  const list = [{ enablePrivateNodes: true }];
  // @ts-expect-error a list is no block
  expect(create(ContainerCluster, stack, 'list', { name: 'x', privateClusterConfig: list })).toBeDefined();
  // @ts-expect-error no such argument
  expect(create(ContainerCluster, stack, 'unknown', { name: 'x', privateCluster: true })).toBeDefined();
});
