import { isIP } from 'node:net';
import { isRecord, says } from '../../../settings/value.ts';
import { at, type Fields, type Finding, items } from '../finding.ts';
import { labelFault, subdomainFault } from '../names.ts';
import { labelFindings } from './metadata.ts';

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'];

/** A pod: what its containers share, which are their names and its volumes. */
export function* podFindings(pod: Fields): Generator<Finding> {
  if (Array.isArray(pod['containers']) && pod['containers'].length === 0) {
    yield { path: 'containers', says: 'is empty, but a pod needs a container. Add one' };
  }
  const volumes = new Set(items(pod['volumes']).map(([, { name }]) => name));
  const containers = new Map<unknown, string>();
  const hostPorts = new Set<string>();
  for (const list of containerLists) {
    for (const [index, container] of items(pod[list])) {
      const path = `${list}[${index}]`;
      const other = containers.get(container['name']);
      if (other !== undefined && other !== list) {
        yield {
          path: `${path}.name`,
          says: `${says(container['name'])}, the name of one of ${other} as well. Name each apart`,
        };
      }
      containers.set(container['name'], list);
      yield* mountFindings(path, container, volumes);
      yield* hostPortFindings(path, container, list, hostPorts);
    }
  }
  yield* labelFindings('nodeSelector', pod['nodeSelector']);
  yield* nameFindings(pod);
  for (const [index, { ip }] of items(pod['hostAliases'])) {
    if (isIP(String(ip)) === 0) yield { path: `hostAliases[${index}].ip`, says: `${says(ip)}. Expected an IP address` };
  }
}

function* nameFindings(pod: Fields): Generator<Finding> {
  for (const field of ['serviceAccountName', 'serviceAccount', 'priorityClassName', 'runtimeClassName']) {
    const value = pod[field];
    const fault = value === undefined || value === '' ? null : subdomainFault(value);
    if (fault !== null) yield { path: field, says: fault };
  }
  for (const [index, { name }] of items(pod['imagePullSecrets'])) {
    const fault = subdomainFault(name);
    if (fault !== null) yield { path: `imagePullSecrets[${index}].name`, says: fault };
  }
  if (pod['dnsPolicy'] === 'None' && !Array.isArray(at(pod, 'dnsConfig', 'nameservers'))) {
    yield { path: 'dnsConfig', says: 'names no server, but dnsPolicy None leaves all to it. Add nameservers' };
  }
}

function* mountFindings(path: string, container: Fields, volumes: ReadonlySet<unknown>): Generator<Finding> {
  for (const [list, kind] of [
    ['volumeMounts', 'mountPath'],
    ['volumeDevices', 'devicePath'],
  ] as const) {
    for (const [index, mount] of items(container[list])) {
      const where = `${path}.${list}[${index}]`;
      if (!volumes.has(mount['name'])) {
        yield {
          path: `${where}.name`,
          says: `${says(mount['name'])}, but the pod has no volume of that name. Add it to volumes`,
        };
      }
      if (mount[kind] === '') yield { path: `${where}.${kind}`, says: 'is empty. Expected a path' };
    }
  }
}

function* hostPortFindings(path: string, container: Fields, list: string, taken: Set<string>): Generator<Finding> {
  if (list !== 'containers') return;
  for (const [index, { hostPort, hostIP, protocol }] of items(container['ports'])) {
    if (hostPort === undefined || hostPort === 0) continue;
    const place = [hostIP ?? '', hostPort, protocol ?? 'TCP'].join(' ');
    if (taken.has(place)) {
      yield {
        path: `${path}.ports[${index}].hostPort`,
        says: `${says(hostPort)}, which another port of the pod has as well. Choose another`,
      };
    }
    taken.add(place);
  }
}

/** A volume: its name, and what it is made of, which is one thing. */
export function* volumeFindings(volume: Fields): Generator<Finding> {
  const fault = labelFault(volume['name']);
  if (fault !== null) yield { path: 'name', says: fault };
  const sources = Object.keys(volume).filter((key) => key !== 'name' && isRecord(volume[key]));
  if (sources.length > 1)
    yield { path: '', says: `has ${sources.join(' and ')}, but it can be one thing only. Keep one` };
}
