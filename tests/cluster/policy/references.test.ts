import { expect, test } from 'vitest';
import { referencePolicy } from '../../../cluster/policy/references.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const cluster = 'resource.google_container_cluster.cluster';

test.each([
  [`${cluster}.network`, '${google_compute_network.gone.id}', 'google_compute_network.gone'],
  [`${cluster}.location`, '${var.region}', 'var.region'],
  [`${cluster}.description`, '${join("-", [data.google_project.it.number])}', 'data.google_project.it'],
  [`${cluster}.depends_on`, ['google_project_service.api_container'], 'google_project_service.api_container'],
  ['output.cluster_name.value', '${google_container_cluster.other.name}', 'google_container_cluster.other'],
])('refuses %s %j', (path, value, reference) => {
  expect(referencePolicy(changed(stacks, 'platform', path, value))).toEqual([
    expect.stringContaining(`refers to ${reference}, which is not in the stack.`),
  ]);
});

test('reads no reference in what is quoted or escaped', () => {
  const text = '${join("google_compute_network.quoted", ["a"])} $${google_compute_network.escaped.id}';
  expect(referencePolicy(changed(stacks, 'platform', `${cluster}.description`, text))).toEqual([]);
});
