import type { ClusterSize, NodeSettings } from '../google.ts';
import { isRecord, says, unknownKeys } from '../value.ts';
import { sizes } from './resolve.ts';

/** What an owner gave, not checked yet. */
type Given = Readonly<Record<string, unknown>>;

const known = ['machineType', 'minimumPerZone', 'maximumPerZone', 'diskGb', 'spot'];

// 1 and 2 GB: GKE's own pods leave no room there for Argo CD or a surge pod.
const tooSmall = new Set(['e2-micro', 'e2-small', 'f1-micro', 'g1-small']);

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}

function sizeOf(google: Given): ClusterSize {
  return google['size'] === 'demo' ? 'demo' : 'production';
}

/** The nodes as they would be, whatever is wrong with them: for checks that need a number. */
export function nodesOf(google: Given): {
  readonly zones: number;
  readonly minimum: number;
  readonly maximum: number;
} {
  const { zones, nodes: defaults } = sizes[sizeOf(google)];
  const given = isRecord(google['nodes']) ? google['nodes'] : {};
  const number = (name: 'minimumPerZone' | 'maximumPerZone') => {
    const value = given[name];
    return isWhole(value, 1, 1_000) ? value : defaults[name];
  };
  return { zones, minimum: number('minimumPerZone') * zones, maximum: number('maximumPerZone') * zones };
}

/** The machines: large enough, as many as the size needs, and spot only where losing one is allowed. */
export function* nodeProblems(google: Given): Generator<string> {
  const nodes = google['nodes'];
  if (nodes === undefined) return;
  if (!isRecord(nodes)) {
    yield `google.nodes ${says(nodes)}, expected an object with ${known.join(', ')}.`;
    return;
  }
  yield* unknownKeys('google.nodes.', nodes, known);
  const { machineType, diskGb, spot }: { [Key in keyof NodeSettings]?: unknown } = nodes;
  if (machineType !== undefined) yield* machineProblems(machineType);
  yield* countProblems(nodes, sizeOf(google));
  if (diskGb !== undefined && !isWhole(diskGb, 20, 65_536)) {
    yield `google.nodes.diskGb ${says(diskGb)}, expected whole gigabytes of 20 or more: images and logs have to fit.`;
  }
  if (spot !== undefined && typeof spot !== 'boolean') {
    yield `google.nodes.spot ${says(spot)}, expected true or false.`;
  } else if (spot === true && sizeOf(google) === 'production') {
    yield 'google.nodes.spot is true, but Google takes spot nodes back with 30 seconds’ notice and the requests on them are lost. Leave it out, or set google.size to demo.';
  }
}

function* machineProblems(machineType: unknown): Generator<string> {
  if (typeof machineType !== 'string' || !/^[a-z]+\d*[a-z]*-[a-z]+(?:-[a-z0-9]+)*$/.test(machineType)) {
    yield `google.nodes.machineType ${says(machineType)}, expected a machine type such as 'e2-standard-2'.`;
  } else if (tooSmall.has(machineType)) {
    yield `google.nodes.machineType is '${machineType}', which GKE's own pods fill. Use e2-medium or larger.`;
  }
}

function* countProblems(nodes: Given, size: ClusterSize): Generator<string> {
  const defaults = sizes[size].nodes;
  const minimum = nodes['minimumPerZone'] ?? defaults.minimumPerZone;
  const maximum = nodes['maximumPerZone'] ?? defaults.maximumPerZone;
  if (!isWhole(minimum, 1, 1_000)) {
    yield `google.nodes.minimumPerZone ${says(minimum)}, expected a whole number of 1 or more: a cluster without nodes serves nobody.`;
  } else if (!isWhole(maximum, 1, 1_000)) {
    yield `google.nodes.maximumPerZone ${says(maximum)}, expected a whole number of 1 or more.`;
  } else if (maximum < minimum) {
    yield `google.nodes.maximumPerZone is ${maximum}, less than minimumPerZone ${minimum}. Raise it to ${minimum} or more.`;
  }
}
