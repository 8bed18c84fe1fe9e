import { describe, expect, test } from 'vitest';
import { compose } from '../../cluster/compose.ts';
import { terraformStacks } from '../../cluster/stacks-of.ts';
import { resourcesOf } from '../../cluster/terraform-json.ts';
import { block, sample, samples, stacksFor } from './sample.ts';

describe.each(Object.entries(samples))('with settings for %s', (_name, settings) => {
  const stacks = stacksFor(settings);

  test('makes three stacks', () => {
    expect([...stacks.keys()]).toEqual(['bootstrap', 'platform', 'argocd']);
  });

  test('gives every block an address that a person would write', () => {
    // A construct below another one has a hash of its path at the end.
    for (const { address } of resourcesOf(stacks)) expect(address).not.toMatch(/_[0-9A-F]{8}$/);
  });

  test('renders the same twice', () => {
    expect(JSON.stringify([...stacksFor(settings)])).toBe(JSON.stringify([...stacks]));
  });

  test('asks for exact providers and a Terraform that knows what is used', () => {
    for (const [name, json] of stacks) {
      expect(json['terraform']).toMatchObject({
        required_version: '>= 1.11.0',
        required_providers: {
          google: { version: '6.50.0' },
          ...(name === 'argocd' ? { helm: { version: '3.1.1' } } : {}),
        },
      });
    }
  });
});

test('applies argocd after the platform', () => {
  const stacks = terraformStacks(compose(samples.production));
  const argocd = stacks.find((stack) => stack.node.id === 'argocd');
  expect(argocd?.dependencies.map((stack) => stack.node.id)).toEqual(['platform']);
});

test('makes a regional cluster for production and a zonal one for a demo', () => {
  const production = stacksFor(samples.production);
  const demo = stacksFor(samples.demo);
  expect(block(production, 'platform', 'google_container_cluster.cluster')['location']).toBe('asia-southeast2');
  expect(block(production, 'platform', 'google_container_node_pool.nodes')).toMatchObject({
    autoscaling: { min_node_count: 1, max_node_count: 3 },
  });
  expect(block(demo, 'platform', 'google_container_cluster.cluster')['location']).toBe('asia-southeast2-b');
  expect(block(demo, 'platform', 'google_container_node_pool.nodes')).toMatchObject({
    location: 'asia-southeast2-b',
    autoscaling: { min_node_count: 2, max_node_count: 3 },
  });
});

test('keeps the first number of nodes when the owner raises the least', () => {
  const raised = stacksFor(sample({ nodes: { minimumPerZone: 2 } }));
  expect(block(raised, 'platform', 'google_container_node_pool.nodes')).toMatchObject({
    initial_node_count: 1,
    autoscaling: { min_node_count: 2 },
  });
});

test('makes the registry where the image says it is', () => {
  const stacks = stacksFor(sample({ size: 'demo' }, 'europe-docker.pkg.dev/example-project/images/web'));
  expect(block(stacks, 'platform', 'google_artifact_registry_repository.images')).toMatchObject({
    location: 'europe',
    repository_id: 'images',
  });
});

test('makes no registry for images that are elsewhere', () => {
  const stacks = stacksFor(sample({}, 'ghcr.io/example/web'));
  expect(resourcesOf(stacks, 'google_artifact_registry_repository')).toEqual([]);
});
