import type { Range } from '../../settings/google/network.ts';
import { overlaps, parseRange } from '../../settings/google/network.ts';
import type { Block, Stacks } from '../terraform-json.ts';
import { resourcesOf, textAt } from '../terraform-json.ts';
import { where } from './block.ts';

interface NamedRange {
  readonly title: string;
  readonly network: string;
  readonly range: Range;
}

/** Ranges that mean one thing each. */
export function networkPolicy(stacks: Stacks): string[] {
  const subnets = resourcesOf(stacks, 'google_compute_subnetwork');
  const ranges = subnets.flatMap(rangesOf);
  return [
    ...subnets.flatMap(unreadable),
    ...ranges.flatMap((one, index) =>
      ranges
        .slice(index + 1)
        .filter((other) => other.network === one.network && overlaps(one.range, other.range))
        .map(
          (other) =>
            `${one.title} overlaps ${other.title}, so an address would belong to both. Move one in settings.ts: google.network.`,
        ),
    ),
  ];
}

function texts(subnet: Block): { readonly title: string; readonly text: string }[] {
  const secondary = subnet.values['secondary_ip_range'];
  const others = Array.isArray(secondary) ? secondary : [];
  return [
    { title: `${where(subnet)} ip_cidr_range`, text: textAt(subnet.values, 'ip_cidr_range') },
    ...others.map((range) => ({
      title: `${where(subnet)} range ${textAt(range, 'range_name')}`,
      text: textAt(range, 'ip_cidr_range'),
    })),
  ];
}

function rangesOf(subnet: Block): NamedRange[] {
  return texts(subnet).flatMap(({ title, text }) => {
    const range = parseRange(text);
    return range === null ? [] : [{ title, network: textAt(subnet.values, 'network'), range }];
  });
}

function unreadable(subnet: Block): string[] {
  return texts(subnet)
    .filter(({ text }) => parseRange(text) === null)
    .map(
      ({ title, text }) => `${title} is ${text}, which is not a range of addresses. Write one such as 10.10.0.0/24.`,
    );
}
