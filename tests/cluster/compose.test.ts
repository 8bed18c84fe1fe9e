import { describe, expect, test } from 'vitest';
import { policies } from '../../cluster/check.ts';
import { clustersOf } from '../../cluster/cluster-project.ts';
import { terraformStacks } from '../../cluster/stack.ts';
import { compose, stacksOf, withoutStackTraces } from '../../cluster/synthesize.ts';
import { resourcesOf, textAt } from '../../cluster/terraform-json.ts';
import { larger, projectWith } from '../settings/sample.ts';
import { block, clusterOf, sample, samples, stacksFor } from './sample.ts';

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
  const stacks = terraformStacks(compose(clusterOf(samples.production)));
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

describe('with two clusters', () => {
  const clusters = clustersOf(projectWith({}, larger)).map((cluster) => ({
    cluster,
    stacks: stacksOf(compose(cluster)),
  }));
  const [main, west] = clusters;

  test('keeps to the policies', () => {
    expect(clusters.flatMap(({ cluster, stacks }) => policies(stacks, cluster))).toEqual([]);
  });

  test('changes nothing of the first but the folder that its Argo CD follows and who pulls its images', () => {
    const environments = larger.environments.filter(({ cluster }) => cluster === 'main');
    const alone = stacksFor(projectWith({}, { ...larger, clusters: larger.clusters.slice(0, 1), environments }));
    const pulls = ['google_artifact_registry_repository_iam_member.images_nodes_west'];
    const addresses = (stacks = alone) => resourcesOf(stacks).map(({ address }) => address);
    expect(addresses(main?.stacks).filter((address) => !addresses().includes(address))).toEqual(pulls);
    const differing = resourcesOf(alone).filter(
      (one) => !resourcesOf(main?.stacks ?? new Map()).some((other) => JSON.stringify(other) === JSON.stringify(one)),
    );
    expect(differing.map(({ address }) => address)).toEqual(['helm_release.root']);
  });

  test('makes one registry, from which the nodes of both pull', () => {
    const made = (stacks = main?.stacks ?? new Map()) => resourcesOf(stacks, 'google_artifact_registry_repository');
    expect(made().length).toBe(1);
    expect(made(west?.stacks)).toEqual([]);
    expect(
      block(main?.stacks ?? new Map(), 'platform', 'google_artifact_registry_repository_iam_member.images_nodes_west'),
    ).toMatchObject({
      role: 'roles/artifactregistry.reader',
      member: 'serviceAccount:west-nodes@example-project.iam.gserviceaccount.com',
    });
  });

  test('gives none a name, an account or a state of the other', () => {
    const names = clusters.map(({ stacks }) => {
      const made = resourcesOf(stacks).filter(
        ({ type }) => type !== 'google_project_service' && type !== 'helm_release',
      );
      const found = made.flatMap(({ type, values }) =>
        ['name', 'account_id', 'role_id', 'workload_identity_pool_id', 'secret_id']
          .filter((key) => textAt(values, key) !== '' && !textAt(values, key).includes('${'))
          .map((key) => `${type} ${textAt(values, key)}`),
      );
      // Of its own pool, which belongs to one cluster.
      return new Set(found.filter((name) => name !== 'google_container_node_pool nodes'));
    });
    const [ofMain = new Set<string>(), ofWest = new Set<string>()] = names;
    expect(ofMain.size).toBeGreaterThan(10);
    expect([...ofMain].filter((name) => ofWest.has(name))).toEqual([]);
    expect(textAt(main?.stacks.get('platform'), 'terraform.backend.gcs.bucket')).not.toBe(
      textAt(west?.stacks.get('platform'), 'terraform.backend.gcs.bucket'),
    );
  });

  test('lets each Argo CD follow its folder, and roll out into its namespaces alone', () => {
    const texts = [main, west].map((one) => JSON.stringify(one?.stacks.get('argocd')));
    expect(texts[0]).toContain('path: argocd/main');
    expect(texts[1]).toContain('path: argocd/west');
    expect(texts[0]).toContain('deploy-web-staging');
    expect(texts[0]).not.toContain('web-production');
    expect(texts[1]).not.toContain('web-staging');
  });
});

function fail(): never {
  throw new Error('a fault of ours');
}

test('leaves out what is asked for meanwhile, and writes out what is read afterwards', () => {
  const seen = withoutStackTraces(() => new Error('asked meanwhile').stack);
  expect(seen).toBe('');
  const written = expect.objectContaining({ stack: expect.stringContaining('compose.test.ts') });
  expect(() => withoutStackTraces(fail)).toThrow(written);
  expect(new Error('later').stack).toContain('compose.test.ts');
});
