import { BlockList, isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
import type { Folder } from './folder.ts';
import { type Field, isRecord } from './object.ts';
import { selects, selectsAll, type ServedPort, type Workload } from './workload.ts';

export type Policy = Field<INetworkPolicy>;
export type Direction = 'Ingress' | 'Egress';

/**
 * The policies that say who may send to a workload's pods, or where those may send. Where there is none, all is allowed. The
 * workload may be of another time than the folder: old pods meet new policies.
 */
export function policiesOn(workload: Workload, folder: Folder, direction: Direction): readonly Policy[] {
  return policiesOfPods(workload, folder).filter((policy) => governs(policy, direction));
}

const byWorkload = new WeakMap<Folder, ReadonlyMap<string, readonly Policy[]>>();

function policiesOfPods(workload: Workload, folder: Folder): readonly Policy[] {
  const { key, namespace } = workload.object;
  const own = folder.get(key);
  const isAlike = own !== undefined && isDeepStrictEqual(folder.workload(own)?.labels, workload.labels);
  if (isAlike) return index(folder).get(key) ?? [];
  return folder
    .all('networking.k8s.io/NetworkPolicy')
    .filter((policy) => policy.object.namespace === namespace && selects(selectorOf(policy), workload.labels));
}

/** The policies of each workload of a folder. */
function index(folder: Folder): ReadonlyMap<string, readonly Policy[]> {
  const known = byWorkload.get(folder);
  if (known !== undefined) return known;
  const made = new Map<string, Policy[]>();
  for (const policy of folder.all('networking.k8s.io/NetworkPolicy')) {
    for (const { object } of folder.selectedByLabels(policy.object.namespace, selectorOf(policy))) {
      const list = made.get(object.key);
      if (list === undefined) made.set(object.key, [policy]);
      else list.push(policy);
    }
  }
  byWorkload.set(folder, made);
  return made;
}

function selectorOf(policy: Policy): unknown {
  return policy.at('spec', 'podSelector').value ?? {};
}

/** Where no type is said, a policy is about what comes in, and about what goes out if it has rules for that. */
function governs(policy: Policy, direction: Direction): boolean {
  const types = policy
    .at('spec', 'policyTypes')
    .items()
    .map((type) => type.value);
  if (types.length > 0) return types.includes(direction);
  return direction === 'Ingress' || policy.at('spec', 'egress').isSet;
}

/** Someone at the other end of a connection, as a policy names them; null is anyone. */
export type Peer = unknown;

/** Who may send to a port of pods. Policies add up: what one of them admits is admitted. */
export function admitted(policies: readonly Policy[], port: ServedPort): readonly Peer[] {
  if (policies.length === 0) return [null];
  return policies.flatMap((policy) =>
    policy
      .at('spec', 'ingress')
      .items()
      .filter((rule) => isFor(rule.at('ports').items(), port))
      .flatMap((rule) => peers(rule.at('from').items())),
  );
}

/** One way out of pods: to whom, and by which ports; no ports are all of them. */
export interface WayOut {
  readonly peer: Peer;
  readonly ports: readonly Field<INetworkPolicyPort>[];
}

/** Where pods may send. */
export function waysOut(policies: readonly Policy[]): readonly WayOut[] {
  if (policies.length === 0) return [{ peer: null, ports: [] }];
  return policies.flatMap((policy) =>
    policy
      .at('spec', 'egress')
      .items()
      .flatMap((rule) => peers(rule.at('to').items()).map((peer) => ({ peer, ports: rule.at('ports').items() }))),
  );
}

function peers(list: readonly Field<unknown>[]): readonly Peer[] {
  return list.length === 0 ? [null] : list.map(({ value }) => value ?? null);
}

/** A rule that names no port is for all of them. */
function isFor(ports: readonly Field<INetworkPolicyPort>[], port: ServedPort): boolean {
  return ports.length === 0 || ports.some((entry) => isPort(entry, port));
}

function isPort(entry: Field<INetworkPolicyPort>, { number, name, protocol }: ServedPort): boolean {
  if ((entry.at('protocol').value ?? 'TCP') !== protocol) return false;
  const [first, last] = [entry.at('port').value, entry.at('endPort').number];
  if (typeof first === 'number' && last !== undefined) return number >= first && number <= last;
  return first === undefined || first === number || (name !== undefined && first === name);
}

/** True where whoever is meant by one peer is meant by another one as well. */
function covers(wide: Peer, narrow: Peer): boolean {
  if (wide === null) return true;
  if (!isRecord(wide) || !isRecord(narrow)) return false;
  if (wide['ipBlock'] !== undefined || narrow['ipBlock'] !== undefined) {
    return coversBlock(wide['ipBlock'], narrow['ipBlock']);
  }
  const isSameNamespace = wide['namespaceSelector'] === undefined && narrow['namespaceSelector'] === undefined;
  const coversNamespace = isSameNamespace || coversSelector(wide['namespaceSelector'], narrow['namespaceSelector']);
  const pods = wide['podSelector'] ?? {};
  return coversNamespace && coversSelector(pods, narrow['podSelector'] ?? {});
}

/** A selector with fewer conditions selects more. */
function coversSelector(wide: unknown, narrow: unknown): boolean {
  if (selectsAll(wide)) return narrow !== undefined || isRecord(wide);
  if (!isRecord(wide) || !isRecord(narrow)) return false;
  const [wanted, given] = [wide, narrow].map((side) => (isRecord(side['matchLabels']) ? side['matchLabels'] : {}));
  const hasAll = Object.entries(wanted ?? {}).every(([key, value]) => given?.[key] === value);
  const [needed, said] = [wide, narrow].map((side) =>
    Array.isArray(side['matchExpressions']) ? side['matchExpressions'] : [],
  );
  const known = new Set((said ?? []).map((expression) => JSON.stringify(expression)));
  return hasAll && (needed ?? []).every((expression) => known.has(JSON.stringify(expression)));
}

function coversBlock(wide: unknown, narrow: unknown): boolean {
  if (!isRecord(wide) || !isRecord(narrow)) return false;
  const [outer, inner] = [wide['cidr'], narrow['cidr']];
  if (typeof outer !== 'string' || typeof inner !== 'string' || !contains(outer, inner)) return false;
  const [taken, spared] = [wide, narrow].map((side) =>
    Array.isArray(side['except']) ? side['except'].map(String) : [],
  );
  // What the wide one leaves out, the narrow one must leave out as well, or never have held.
  return (taken ?? []).every(
    (range) =>
      (spared ?? []).some((other) => contains(other, range)) || !(contains(inner, range) || contains(range, inner)),
  );
}

/** Who of the senders before is not among those now. */
export function lostPeers(before: readonly Peer[], now: readonly Peer[]): readonly Peer[] {
  return before.filter((peer) => !now.some((other) => covers(other, peer)));
}

/** True where a way out is among those of now, by each of its ports. */
export function hasWayOut(way: WayOut, now: readonly WayOut[]): boolean {
  const candidates = now.filter(({ peer }) => covers(peer, way.peer));
  if (way.ports.length === 0) return candidates.some(({ ports }) => ports.length === 0);
  return way.ports.every((port) =>
    candidates.some(({ ports }) => ports.length === 0 || ports.some((other) => holds(other, port))),
  );
}

function holds(wide: Field<INetworkPolicyPort>, narrow: Field<INetworkPolicyPort>): boolean {
  if ((wide.at('protocol').value ?? 'TCP') !== (narrow.at('protocol').value ?? 'TCP')) return false;
  const [first, last] = [wide.at('port').value, wide.at('endPort').number ?? wide.at('port').value];
  if (first === undefined) return true;
  const [from, to] = [narrow.at('port').value, narrow.at('endPort').number ?? narrow.at('port').value];
  if (typeof first === 'number' && typeof last === 'number' && typeof from === 'number' && typeof to === 'number') {
    return from >= first && to <= last;
  }
  return first === from;
}

/** Pods that answer names, as clusters have them. */
const dns: ServedPort = { number: 53, name: 'dns', protocol: 'UDP' };

/** True where pods may ask for names. */
export function mayAskForNames(ways: readonly WayOut[]): boolean {
  return ways.some(({ ports }) => isFor(ports, dns));
}

/** True where a range of addresses, such as `10.0.0.0/8`, holds all of another one. False for what is no range. */
export function contains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [outer, inner] = [parse(wide), parse(narrow)];
  if (outer === null || inner === null || outer.family !== inner.family || outer.bits > inner.bits) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.bits, outer.family);
  return list.check(inner.address, inner.family);
}

function parse(
  range: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | null {
  const [address = '', length] = range.split('/');
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > most) return null;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
