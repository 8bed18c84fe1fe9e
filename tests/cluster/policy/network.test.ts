import { expect, test } from 'vitest';
import { networkPolicy } from '../../../cluster/policy/network.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.production);
const subnet = 'resource.google_compute_subnetwork.subnet';

test.each([
  [
    `${subnet}.secondary_ip_range.0.ip_cidr_range`,
    '10.10.0.0/16',
    'google_compute_subnetwork.subnet ip_cidr_range overlaps platform: google_compute_subnetwork.subnet range pods',
  ],
  [`${subnet}.secondary_ip_range.1.ip_cidr_range`, '10.247.0.0/20', 'range pods overlaps'],
  [
    `${subnet}.secondary_ip_range.1.ip_cidr_range`,
    '10.247.0.1/20',
    'range services is 10.247.0.1/20, which is not a range of addresses.',
  ],
])('refuses a network whose %s is %j', (path, value, sentence) => {
  expect(networkPolicy(changed(stacks, 'platform', path, value))).toEqual([expect.stringContaining(sentence)]);
});

test('lets the same range be in another network', () => {
  const other = {
    network: 'another',
    ip_cidr_range: '10.10.0.0/24',
    private_ip_google_access: true,
  };
  expect(networkPolicy(changed(stacks, 'bootstrap', 'resource.google_compute_subnetwork.other', other))).toEqual([]);
});
