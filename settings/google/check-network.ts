import { isRecord, says, unknownKeys } from '../value.ts';
import { nodesOf } from './check-nodes.ts';
import type { Range } from './cidr.ts';
import { isPrivate, overlaps, parseRange } from './cidr.ts';
import { defaultNetwork } from './resolve.ts';

/** What an owner gave, not checked yet. */
type Given = Readonly<Record<string, unknown>>;

const known = ['nodes', 'pods', 'services'];

// GKE gives each node twice its 110 pods, rounded up to a power of two.
const podsPerNodePrefix = 24;

/** The smallest range, as a prefix, that still holds this many addresses. */
function prefixFor(addresses: number): number {
  return 32 - Math.ceil(Math.log2(addresses));
}

/** The ranges: well written, private, large enough for the most nodes there may be, and apart from each other. */
export function* networkProblems(google: Given): Generator<string> {
  const network = google['network'] ?? {};
  if (!isRecord(network)) {
    yield `google.network ${says(network)}, expected an object with ${known.join(', ')}.`;
    return;
  }
  yield* unknownKeys('google.network.', network, known);
  const ranges = new Map<string, Range>();
  for (const [name, preset] of Object.entries(defaultNetwork)) {
    const value = network[name] ?? preset;
    const range = typeof value === 'string' ? parseRange(value) : null;
    if (range === null) {
      yield `google.network.${name} ${says(value)}, expected a range such as '${preset}' that begins at its own first address.`;
    } else if (!isPrivate(range)) {
      yield `google.network.${name} ${says(value)}, which is not private. Use one within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.`;
    } else {
      ranges.set(name, range);
    }
  }
  yield* roomProblems(ranges, nodesOf(google).maximum);
  yield* overlapProblems(ranges);
}

function* roomProblems(ranges: ReadonlyMap<string, Range>, nodes: number): Generator<string> {
  // One more than there may be: an upgrade adds a node before it takes one away.
  const most = nodes + 1;
  // Google keeps four addresses of a subnet for itself.
  yield* tooNarrow(
    ranges,
    'nodes',
    prefixFor(most + 4),
    `it has to hold ${most} nodes and Google's own four addresses`,
  );
  const pods = Math.floor(podsPerNodePrefix - Math.ceil(Math.log2(most)));
  yield* tooNarrow(
    ranges,
    'pods',
    pods,
    `each of up to ${most} nodes takes a /${podsPerNodePrefix} of it for its pods`,
  );
  yield* tooNarrow(ranges, 'services', 27, 'GKE takes no smaller range for Services');
}

function* tooNarrow(ranges: ReadonlyMap<string, Range>, name: string, widest: number, why: string): Generator<string> {
  const range = ranges.get(name);
  if (range !== undefined && range.prefix > widest) {
    yield `google.network.${name} is a /${range.prefix}, but ${why}. Use a /${widest} or larger.`;
  }
}

function* overlapProblems(ranges: ReadonlyMap<string, Range>): Generator<string> {
  const entries = [...ranges];
  for (const [index, [name, range]] of entries.entries()) {
    for (const [other, otherRange] of entries.slice(index + 1)) {
      if (overlaps(range, otherRange)) {
        yield `google.network.${name} and google.network.${other} overlap, so an address would mean two things. Move one of them.`;
      }
    }
  }
}
