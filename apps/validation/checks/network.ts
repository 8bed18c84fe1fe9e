import { BlockList, isIP } from 'node:net';
import { says } from '../../../settings/sentences.ts';
import {
  at,
  type Fields,
  type Finding,
  items,
  labelFault,
  portNameFault,
  rangeFault,
  subdomainFault,
} from '../grammar.ts';
import { labelFindings } from './metadata.ts';

/** A Service: ports with names of their own, and the fields that go with its type. */
export function* serviceFindings(spec: Fields): Generator<Finding> {
  yield* labelFindings('selector', spec['selector']);
  const { type = 'ClusterIP' } = spec;
  const ports = items(spec['ports']);
  if (ports.length === 0 && type !== 'ExternalName' && spec['clusterIP'] !== 'None') {
    yield { path: 'ports', says: 'is missing, but a Service needs a port. Add one' };
  }
  yield* servicePortFindings(ports);
  const families = Array.isArray(spec['ipFamilies']) ? spec['ipFamilies'] : [];
  if (new Set(families).size < families.length)
    yield { path: 'ipFamilies', says: 'names one family twice. Keep one of each' };
  const isOutside = type === 'NodePort' || type === 'LoadBalancer';
  if (spec['externalTrafficPolicy'] !== undefined && !isOutside && !Array.isArray(spec['externalIPs'])) {
    yield {
      path: 'externalTrafficPolicy',
      says: `is set, but a Service of type ${String(type)} takes no traffic from outside. Remove it`,
    };
  }
  if (type === 'ExternalName' && subdomainFault(spec['externalName']) !== null) {
    yield { path: 'externalName', says: `${says(spec['externalName'])}. Expected a host name` };
  }
  for (const [index, { nodePort }] of ports) {
    if (isOutside || nodePort === undefined || nodePort === 0) continue;
    yield {
      path: `ports[${index}].nodePort`,
      says: `is set, but a Service of type ${String(type)} has none. Remove it`,
    };
  }
  if (isOutside && spec['clusterIP'] === 'None') {
    yield { path: 'clusterIP', says: `is None, but a Service of type ${type} needs an address. Remove it` };
  }
}

function* servicePortFindings(ports: readonly (readonly [number, Fields])[]): Generator<Finding> {
  const names = new Set<unknown>();
  const nodePorts = new Set<string>();
  for (const [index, { name, targetPort, nodePort, protocol = 'TCP' }] of ports) {
    const path = `ports[${index}]`;
    if (name === undefined || name === '') {
      if (ports.length > 1)
        yield { path: `${path}.name`, says: 'is missing, but of several ports each needs a name. Add one' };
    } else {
      const fault = labelFault(name);
      if (fault !== null) yield { path: `${path}.name`, says: fault };
      if (names.has(name))
        yield { path: `${path}.name`, says: `${says(name)}, the name of another port as well. Name each apart` };
    }
    names.add(name);
    const targetFault = typeof targetPort === 'string' ? portNameFault(targetPort) : null;
    if (targetFault !== null) yield { path: `${path}.targetPort`, says: targetFault };
    const place = `${String(nodePort)} ${String(protocol)}`;
    if (typeof nodePort === 'number' && nodePorts.has(place)) {
      yield { path: `${path}.nodePort`, says: `is ${nodePort}, the port of another one as well. Choose another` };
    }
    nodePorts.add(place);
  }
}

export function* policyPortFindings({ port, endPort }: Fields): Generator<Finding> {
  const fault = typeof port === 'string' ? portNameFault(port) : null;
  if (fault !== null) yield { path: 'port', says: fault };
  if (endPort === undefined) return;
  if (typeof port !== 'number')
    yield { path: 'endPort', says: 'is set, but it needs a number as port. Set both, or remove it' };
  else if (typeof endPort === 'number' && endPort < port)
    yield { path: 'endPort', says: `is ${endPort}, below port ${port}. Raise it` };
}

export function* addressBlockFindings({ cidr, except }: Fields): Generator<Finding> {
  const blocks: [string, unknown][] = [['cidr', cidr]];
  if (Array.isArray(except))
    blocks.push(...except.map((block, index): [string, unknown] => [`except[${index}]`, block]));
  for (const [path, block] of blocks) {
    const fault = rangeFault(block);
    if (fault !== null) yield { path, says: fault };
    else if (path !== 'cidr' && rangeFault(cidr) === null && !isWithin(String(block), String(cidr)))
      yield { path, says: `${says(block)}, which is no part of ${String(cidr)}. Remove it, or correct one of them` };
  }
}

/** Whether a range is a part of another one, and smaller. */
function isWithin(inner: string, outer: string): boolean {
  const [[address = '', bits], [outerAddress = '', outerBits]] = [inner.split('/'), outer.split('/')];
  if (isIP(address) !== isIP(outerAddress) || Number(bits) <= Number(outerBits)) return false;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const range = new BlockList();
  range.addSubnet(outerAddress, Number(outerBits), family);
  return range.check(address, family);
}

/** One who may send or be sent to: an address range stands alone. */
export function* peerFindings(peer: Fields): Generator<Finding> {
  const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((field) => peer[field] !== undefined);
  if (given.length === 0) yield { path: '', says: 'names nobody. Give it podSelector, namespaceSelector or ipBlock' };
  if (given.length > 1 && given.includes('ipBlock')) {
    yield { path: '', says: 'has ipBlock beside a selector. Make two of it' };
  }
}

export function* ingressRuleFindings({ http }: Fields): Generator<Finding> {
  for (const [index, { path, pathType }] of items(at(http, 'paths'))) {
    if (pathType === 'ImplementationSpecific') continue;
    if (typeof path !== 'string' || !path.startsWith('/')) {
      yield { path: `http.paths[${index}].path`, says: `${says(path)}. Expected a path that begins with /` };
    } else if (/\/\/|\/\.{1,2}(?:\/|$)|%2f/i.test(path)) {
      yield { path: `http.paths[${index}].path`, says: `${says(path)}. Expected no //, /./, /../ and %2f in it` };
    }
  }
}

export function* ingressFindings({ rules, defaultBackend }: Fields): Generator<Finding> {
  if (items(rules).length > 0 || defaultBackend !== undefined) return;
  yield { path: '', says: 'has neither rules nor defaultBackend. Give it one of them' };
}
