import { expect, test } from 'vitest';
import { nodesPolicy } from '../../../cluster/policy/nodes.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.production);

test.each([
  ['node_config.workload_metadata_config.mode', 'GCE_METADATA', 'so pods could ask for the node’s own identity.'],
  ['node_config.shielded_instance_config', undefined, 'enable_secure_boot is not true'],
  ['node_config.kubelet_config', undefined, 'insecure_kubelet_readonly_port_enabled is not "FALSE"'],
  ['node_config.metadata', {}, 'disable-legacy-endpoints is not "true"'],
  ['management.auto_repair', false, 'so a broken node would stay.'],
  ['management.auto_upgrade', false, 'so nodes would fall behind'],
  ['upgrade_settings.max_unavailable', 1, 'so an upgrade would take pods away before there is room for them.'],
  ['node_config.service_account', 'default', "is the project's default, which may edit everything."],
  ['node_config.service_account', undefined, "is the project's default"],
  ['node_config.service_account', '1-compute@developer.gserviceaccount.com', "is the project's default"],
  ['lifecycle.ignore_changes', ['initial_node_count'], 'lifecycle.ignore_changes lacks node_count, so an apply would'],
])('refuses nodes whose %s is %j', (path, value, sentence) => {
  const found = nodesPolicy(changed(stacks, 'platform', `resource.google_container_node_pool.nodes.${path}`, value));
  expect(found).toEqual([expect.stringContaining(sentence)]);
});
