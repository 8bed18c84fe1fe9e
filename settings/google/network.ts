import { z } from 'zod';
import type { Problem } from '../sentences.ts';

/** A range of IPv4 addresses. */
export interface Range {
  /** The first address, as a number. */
  readonly first: number;
  /** How many addresses. */
  readonly size: number;
  /** The 24 of `/24`. */
  readonly prefix: number;
}

/** Reads `10.0.0.0/24`. Null for anything else, and for a range that begins between its own borders, as 10.0.0.1/24 does. */
export function parseRange(text: string): Range | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return null;
  const numbers = match.slice(1).map(Number);
  const octets = numbers.slice(0, 4);
  const prefix = numbers[4] ?? 33;
  if (prefix > 32 || octets.some((octet) => octet > 255)) return null;
  // Arithmetic instead of bit operators, which are signed at 32 bits.
  const first = octets.reduce((value, octet) => value * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, size, prefix } : null;
}

/** True when two ranges have an address in common. */
export function overlaps(a: Range, b: Range): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** True when the first range has every address of the second. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parseRange);

/** True for a range within those set aside for private networks (RFC 1918) and shared address space (RFC 6598). */
export function isPrivate(range: Range): boolean {
  return privateRanges.some((outer) => outer !== null && contains(outer, range));
}

/** A range in the settings; `example` is one that people know. */
export function addressRange(example: string): z.ZodString {
  const message = `, expected a range such as '${example}' that begins at its own first address.`;
  return z.string(message).superRefine((text, context) => {
    const range = parseRange(text);
    const fault = range === null ? message : isPrivate(range) ? null : notPrivate;
    if (fault !== null) context.addIssue({ code: 'custom', message: fault, continue: false });
  });
}

const notPrivate = ', which is not private. Use one within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.';

// GKE gives each node twice its 110 pods, rounded up to a power of two.
const podsPerNodePrefix = 24;

/** What decides on how many addresses a cluster takes. */
interface Extent {
  readonly network: Readonly<Record<'nodes' | 'pods' | 'services', string>> & { readonly proxies?: string };
  readonly nodes: { readonly maximumPerZone: number };
  readonly zones: number;
}

/** What is wrong with the ranges of a cluster beside each other, and for the most nodes that it may have. */
export function* networkProblems({ network, nodes, zones }: Extent): Generator<Problem> {
  // One more than there may be: an upgrade adds a node before it takes one away.
  const most = nodes.maximumPerZone * zones + 1;
  // Google keeps four addresses of a subnet for itself.
  const forNodes = `it has to hold ${most} nodes and Google's own four addresses`;
  yield* tooNarrow('nodes', network.nodes, prefixFor(most + 4), forNodes);
  const forPods = `each of up to ${most} nodes takes a /${podsPerNodePrefix} of it for its pods`;
  yield* tooNarrow('pods', network.pods, podsPerNodePrefix - Math.ceil(Math.log2(most)), forPods);
  yield* tooNarrow('services', network.services, 27, 'GKE takes no smaller range for Services');
  // Google's own advice is a /23; 64 addresses are the least that it takes.
  if (network.proxies !== undefined)
    yield* tooNarrow('proxies', network.proxies, 26, 'Google takes no smaller range for proxies');
  const ranges = Object.entries(network);
  for (const [index, [name, text]] of ranges.entries()) {
    for (const [other, otherText] of ranges.slice(index + 1)) {
      const [range, otherRange] = [parseRange(text), parseRange(otherText)];
      if (range === null || otherRange === null || !overlaps(range, otherRange)) continue;
      const message = `and google.network.${other} overlap, so an address would belong to both. Move one of them.`;
      yield { path: ['network', name], message };
    }
  }
}

/** The smallest range, as a prefix, that still holds this many addresses. */
function prefixFor(addresses: number): number {
  return 32 - Math.ceil(Math.log2(addresses));
}

function* tooNarrow(name: string, text: string, widest: number, why: string): Generator<Problem> {
  const prefix = parseRange(text)?.prefix ?? 0;
  if (prefix <= widest) return;
  yield { path: ['network', name], message: `is a /${prefix}, but ${why}. Use a /${widest} or larger.` };
}
