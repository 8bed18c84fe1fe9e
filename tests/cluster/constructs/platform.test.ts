import { expect, test } from 'vitest';
import { maintenanceWindow } from '../../../cluster/constructs/gke.ts';
import { resourcesOf } from '../../../cluster/terraform-json.ts';
import { block, sample, samples, stacksFor } from '../sample.ts';

const everything = stacksFor(samples.everything);
const production = stacksFor(samples.production);

test('makes one subnet with the two ranges that the cluster names', () => {
  expect(block(production, 'platform', 'google_compute_subnetwork.subnet')).toMatchObject({
    ip_cidr_range: '10.10.0.0/24',
    secondary_ip_range: [
      { range_name: 'pods', ip_cidr_range: '10.244.0.0/14' },
      { range_name: 'services', ip_cidr_range: '10.248.0.0/20' },
    ],
  });
  expect(block(production, 'platform', 'google_container_cluster.cluster')).toMatchObject({
    ip_allocation_policy: { cluster_secondary_range_name: 'pods', services_secondary_range_name: 'services' },
    subnetwork: '${google_compute_subnetwork.subnet.id}',
  });
});

test('gives a node more ports as its connections grow', () => {
  expect(block(production, 'platform', 'google_compute_router_nat.nat')).toMatchObject({
    enable_dynamic_port_allocation: true,
    enable_endpoint_independent_mapping: false,
    min_ports_per_vm: 64,
    max_ports_per_vm: 4096,
  });
});

test('keeps images as they were pushed, scans them, and cleans up what no tag names', () => {
  expect(block(production, 'platform', 'google_artifact_registry_repository.images')).toMatchObject({
    docker_config: { immutable_tags: true },
    vulnerability_scanning_config: { enablement_config: 'INHERITED' },
    cleanup_policies: [
      { id: 'keep-recent', action: 'KEEP', most_recent_versions: { keep_count: 100 } },
      { id: 'delete-untagged', action: 'DELETE', condition: { tag_state: 'UNTAGGED' } },
    ],
    lifecycle: { prevent_destroy: true },
  });
});

test('runs nodes as an account of their own, known by name', () => {
  // The default pool too, in the minutes before it is removed.
  expect(block(production, 'platform', 'google_container_cluster.cluster')).toMatchObject({
    node_config: {
      service_account: 'zerodrop-nodes@example-project.iam.gserviceaccount.com',
      disk_type: 'pd-standard',
      disk_size_gb: 20,
      shielded_instance_config: { enable_secure_boot: true },
    },
  });
  expect(block(production, 'platform', 'google_container_node_pool.nodes')).toMatchObject({
    node_config: { service_account: 'zerodrop-nodes@example-project.iam.gserviceaccount.com', spot: false },
  });
});

test('takes spot nodes for a demo that asks for them', () => {
  const demo = stacksFor(sample({ size: 'demo', nodes: { spot: true } }));
  expect(block(demo, 'platform', 'google_container_node_pool.nodes')).toMatchObject({ node_config: { spot: true } });
});

test('protects the cluster and the images until everything is taken down', () => {
  const teardown = stacksFor(sample({ teardown: true }));
  expect(block(teardown, 'platform', 'google_container_cluster.cluster')).toMatchObject({
    deletion_protection: false,
    lifecycle: { prevent_destroy: false, ignore_changes: ['node_config', 'initial_node_count'] },
  });
  expect(block(teardown, 'platform', 'google_artifact_registry_repository.images')).toMatchObject({
    lifecycle: { prevent_destroy: false },
  });
});

test('makes address and certificate for a public Argo CD, and none else', () => {
  expect(
    block(everything, 'platform', 'google_certificate_manager_certificate_map_entry.argocd_certificate_entry'),
  ).toMatchObject({
    hostname: 'argocd.example.com',
    certificates: ['${google_certificate_manager_certificate.argocd_certificate.id}'],
  });
  expect(resourcesOf(production, 'google_compute_global_address', 'google_certificate_manager_certificate')).toEqual(
    [],
  );
});

test('tells what the original told', () => {
  expect(Object.keys(Object(production.get('platform')?.['output']))).toEqual([
    'project',
    'region',
    'cluster_name',
    'cluster_location',
    'cluster_host',
  ]);
});

test.each([
  [18, '2026-01-01T18:00:00Z', '2026-01-02T00:00:00Z'],
  [0, '2026-01-01T00:00:00Z', '2026-01-01T06:00:00Z'],
  [23, '2026-01-01T23:00:00Z', '2026-01-02T05:00:00Z'],
])('maintains for six hours from %i o’clock', (hour, startTime, endTime) => {
  expect(maintenanceWindow(hour).recurringWindow).toEqual({
    startTime,
    endTime,
    recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,TH',
  });
});
