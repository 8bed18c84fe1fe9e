import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectedTypes } from '../../cluster/check.ts';
import derived from '../../cluster/recreating/fields.json' with { type: 'json' };
import { type RecreatingField, fieldText, recreatingFields, replaceable } from '../../cluster/recreation.ts';
import { recreations, refused } from '../../cluster/recreation.ts';
import type { Json } from '../../cluster/terraform-json.ts';
import { at, resourcesOf, textAt } from '../../cluster/terraform-json.ts';
import { changed, sample, samples, stacksFor } from './sample.ts';

const stacks = stacksFor(samples.production);
// With a domain and with GitHub: each resource of the list is there.
const everything = stacksFor(samples.everything);
const addresses = new Map(resourcesOf(everything).map(({ type, address, stack }) => [type, { address, stack }]));

const listed = Object.entries(recreatingFields).flatMap(([type, fields]) =>
  fields.map((field) => ({ address: '', stack: '', ...addresses.get(type), ...field })),
);

/** Something else than what is there. */
function another(value: Json | undefined, only: RecreatingField['only']): Json | undefined {
  if (only === 'added or removed') return value === undefined ? {} : undefined;
  if (only === 'turned off') return false;
  if (only === 'narrowed') return '10.10.0.0/28';
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}-changed` : 'changed';
}

// What Terraform is told to overlook.
const overlooked = ({ address, path }: { readonly address: string; readonly path: string }) =>
  /^google_container_cluster\.cluster\.(?:node_config|initial_node_count)|^google_container_node_pool\.nodes\.initial_node_count$/.test(
    `${address}.${path}`,
  );

test('takes the project of the provider for that of a resource which names none', () => {
  const moved = changed(stacks, 'platform', 'provider.google.0.project', 'another-project');
  expect(recreations(stacks, moved).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['google_container_cluster.cluster.project', 'google_compute_network.network.project']),
  );
});

test('knows every type that may be rendered, from the providers that are pinned', () => {
  expect(Object.keys(recreatingFields)).toEqual(expectedTypes());
  expect(derived.sources).toEqual({
    google: `hashicorp/terraform-provider-google ${textAt(stacks.get('argocd'), 'terraform.required_providers.google.version')}`,
    helm: `hashicorp/terraform-provider-helm ${textAt(stacks.get('argocd'), 'terraform.required_providers.helm.version')}`,
  });
});

test.each([
  // Read in the source by hand, so that a derivation that misses a kind of field is seen.
  [
    'google_container_cluster',
    'name location project network node_pool(added or removed) cluster_ipv4_cidr datapath_provider confidential_nodes.enabled enable_l4_ilb_subsetting(turned off)',
  ],
  [
    'google_container_cluster',
    'ip_allocation_policy.pod_cidr_overprovision_config(added or removed) private_cluster_config.enable_private_nodes dns_config.additive_vpc_scope_dns_domain',
  ],
  [
    'google_container_node_pool',
    'name placement_policy.policy_name network_config.pod_range network_config.additional_pod_network_configs.subnetwork',
  ],
  [
    'google_container_node_pool',
    'node_config.boot_disk_kms_key node_config.local_nvme_ssd_block_config.local_ssd_count node_config.advanced_machine_features.threads_per_core',
  ],
  [
    'google_container_node_pool',
    'node_config.enable_confidential_storage node_config.ephemeral_storage_local_ssd_config(added or removed) node_config.metadata node_config.flex_start',
  ],
  ['google_compute_subnetwork', 'name region network ip_cidr_range(narrowed)'],
  ['google_storage_bucket_iam_member', 'bucket role member condition.expression'],
  ['google_secret_manager_secret', 'secret_id replication.auto(added or removed)'],
  ['helm_release', 'name namespace'],
])('knows of %s %s', (type, names) => {
  const known = recreatingFields[type]?.map((field) => fieldText(field).replace(' (', '('));
  expect(known).toEqual(expect.arrayContaining(names.match(/\S+?\([a-z ]+\)|\S+/g) ?? []));
});

test.each(['disk_size_gb', 'machine_type', 'image_type', 'labels'])(
  'lets %s of a node be changed in place',
  (field) => {
    expect(recreatingFields['google_container_node_pool']?.map(({ path }) => path)).not.toContain(
      `node_config.${field}`,
    );
  },
);

test('sees each field of the list that changes, and names it', () => {
  const missed = listed
    .filter((field) => !overlooked(field))
    .filter(({ address, stack, path, only }) => {
      const place = `resource.${address}.${path}`;
      const value = at(everything.get(stack), place);
      const before = only === 'turned off' ? changed(everything, stack, place, true) : everything;
      const found = recreations(before, changed(before, stack, place, another(value, only)));
      // A block around it may come with it, and is named instead.
      return found.length !== 1 || !`${address}.${path}`.startsWith(found[0]?.name ?? '-');
    });
  expect(missed).toEqual([]);
});

test.each(['node_config.service_account', 'node_config', 'initial_node_count'])(
  'says nothing of the cluster’s %s, which Terraform overlooks',
  (path) => {
    const place = `resource.google_container_cluster.cluster.${path}`;
    expect(recreations(everything, changed(everything, 'platform', place, 'changed'))).toEqual([]);
  },
);

test.each([
  ['google_container_cluster.cluster', ['node_config']],
  ['google_container_node_pool.nodes', ['node_count']],
])('sees that Terraform overlooks less of %s', (address, left) => {
  const fewer = changed(everything, 'platform', `resource.${address}.lifecycle.ignore_changes`, left);
  expect(recreations(everything, fewer).map(({ name }) => name)).toEqual([`${address}.lifecycle.ignore_changes`]);
  expect(recreations(fewer, everything)).toEqual([]);
});

test('sees a subnet that gets narrower, and lets one be widened', () => {
  const place = 'resource.google_compute_subnetwork.subnet.ip_cidr_range';
  const wide = changed(everything, 'platform', place, '10.10.0.0/22');
  expect(recreations(everything, wide)).toEqual([]);
  expect(recreations(wide, everything).map(({ name }) => name)).toEqual([
    'google_compute_subnetwork.subnet.ip_cidr_range',
  ]);
});

test('sees one block of several change, and a block that comes once', () => {
  const configs = 'resource.google_container_node_pool.nodes.network_config.additional_pod_network_configs';
  const two = changed(everything, 'platform', configs, [{ subnetwork: 'a' }, { subnetwork: 'b' }]);
  const name = 'google_container_node_pool.nodes.network_config.additional_pod_network_configs';
  expect(recreations(everything, two).map((found) => found.name)).toEqual([name]);
  const other = changed(two, 'platform', `${configs}.1.subnetwork`, 'c');
  expect(recreations(two, other).map((found) => found.name)).toEqual([`${name}.subnetwork`]);
});

test('sees a right that moves, and refuses it not', () => {
  const place = 'resource.google_storage_bucket_iam_member.state_plan.condition.expression';
  const found = recreations(everything, changed(everything, 'bootstrap', place, 'true'));
  expect(found).toEqual([expect.objectContaining({ name: place.replace('resource.', ''), after: 'true' })]);
  expect(refused(found, [])).toEqual([]);
});

describe('what the documentation says', () => {
  const page = readFileSync('docs/reference/what-recreates-the-cluster.md', 'utf8');
  const sections = page.split('\n## ').slice(1);

  test('names every type whose loss is one', () => {
    const types = Object.keys(recreatingFields).filter((type) => replaceable[type] === undefined);
    expect(
      types.filter(
        (type) => !page.split('\n').some((line) => line.startsWith('## ') && line.split(/[ ,]+/).includes(type)),
      ),
    ).toEqual([]);
  });

  test('is true of each field in its tables', () => {
    const wrong = sections.flatMap((section) => {
      const types = section.split('\n')[0]?.split(', ') ?? [];
      const known = types.flatMap((type) => recreatingFields[type] ?? []);
      if (known.length === 0) return [];
      const rows = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, path = '']) => path);
      return rows.filter((path) => !known.some((field) => field.path === path || field.path.startsWith(`${path}.`)));
    });
    expect(wrong).toEqual([]);
  });

  test('has a row for each field of cluster and nodes that is set', () => {
    const unsaid = ['google_container_cluster', 'google_container_node_pool'].flatMap((type) =>
      (recreatingFields[type] ?? [])
        .filter(
          ({ path }) => at(stacks.get('platform'), `resource.${addresses.get(type)?.address}.${path}`) !== undefined,
        )
        .filter(
          ({ path }) =>
            !page.includes(`\`${path}\``) && !page.includes(`\`${path.split('.').slice(0, -1).join('.')}\``),
        )
        .map(({ path }) => `${type}.${path}`),
    );
    expect(unsaid).toEqual([]);
  });
});

test('sees an inline pool that comes, and a cluster that goes', () => {
  const inline = changed(stacks, 'platform', 'resource.google_container_cluster.cluster.node_pool', [{ name: 'x' }]);
  expect(recreations(stacks, inline).map(({ name }) => name)).toEqual(['google_container_cluster.cluster.node_pool']);
  const gone = changed(stacks, 'platform', 'resource.google_container_cluster', undefined);
  expect(recreations(stacks, gone).map(({ name }) => name)).toEqual(['google_container_cluster.cluster']);
});

test('sees a state that moves, with which Terraform would make everything a second time', () => {
  const moved = stacksFor(sample({ stateBucket: 'another-bucket' }));
  const lost = recreations(stacks, moved).filter(({ harmless }) => harmless === undefined);
  expect(lost.map(({ name }) => name)).toEqual([
    'google_storage_bucket.state.name',
    'bootstrap.backend.bucket',
    'platform.backend.bucket',
    'argocd.backend.bucket',
  ]);
});

test('says nothing of what can be changed in place, or is new', () => {
  const after = stacksFor(
    sample({ nodes: { machineType: 'e2-standard-4', minimumPerZone: 2, diskGb: 100 }, maintenanceHourUtc: 3 }),
  );
  expect(recreations(stacks, after)).toEqual([]);
  expect(recreations(new Map(), stacks)).toEqual([]);
});

test('refuses what a word in the settings would destroy', () => {
  const demo = stacksFor(sample({ size: 'demo' }));
  const sentences = refused(recreations(stacks, demo), []);
  expect(sentences).toContain(
    `platform: google_container_cluster.cluster.location changes from "asia-southeast2" to "asia-southeast2-b", which destroys it and what runs on it (docs/reference/what-recreates-the-cluster.md). Leave it as it was, or allow it in settings.ts: google.allowRecreation: ['google_container_cluster.cluster.location'].`,
  );
});

test('lets through what is allowed by name, and nothing else', () => {
  const found = recreations(stacks, stacksFor(sample({ name: 'other' })));
  const names = found.map(({ name }) => name);
  expect(refused(found, names)).toEqual([]);
  expect(refused(found, names.slice(1))).toEqual([expect.stringContaining(`${names[0] ?? ''} changes from`)]);
});

test('lets main be after the merge, where an allowance has nothing left to allow', () => {
  expect(refused([], ['google_container_cluster.cluster.location'])).toEqual([]);
});
