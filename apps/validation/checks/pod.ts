import { isRecord, says } from '../../../settings/sentences.ts';
import { at, type Fields, type Finding, items, labelFault, under } from '../grammar.ts';
import { conditionFindings } from './fields.ts';
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
      if (pod['hostNetwork'] === true) yield* hostNetworkFindings(path, container);
      if (list === 'initContainers') yield* under(path, conditionFindings('InitContainer', container));
      yield* hookFindings(path, container, pod['terminationGracePeriodSeconds'] ?? 30);
    }
  }
  yield* labelFindings('nodeSelector', pod['nodeSelector']);
  yield* resolverFindings(pod);
}

function* resolverFindings(pod: Fields): Generator<Finding> {
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

function* hostNetworkFindings(path: string, container: Fields): Generator<Finding> {
  for (const [index, { hostPort = 0, containerPort }] of items(container['ports'])) {
    if (hostPort === 0 || hostPort === containerPort) continue;
    yield {
      path: `${path}.ports[${index}].hostPort`,
      says: `${says(hostPort)}, but with hostNetwork it is the containerPort, which is ${String(containerPort)}. Remove it`,
    };
  }
}

function* hookFindings(path: string, container: Fields, grace: unknown): Generator<Finding> {
  const seconds = at(container, 'lifecycle', 'preStop', 'sleep', 'seconds');
  if (typeof seconds !== 'number' || typeof grace !== 'number' || seconds < grace) return;
  yield {
    path: `${path}.lifecycle.preStop.sleep.seconds`,
    says: `is ${seconds}, but the pod is killed after terminationGracePeriodSeconds, which is ${grace}. Raise that above ${seconds}`,
  };
}

export function* tolerationFindings({ key, operator, effect, tolerationSeconds }: Fields): Generator<Finding> {
  if ((key === undefined || key === '') && operator !== 'Exists') {
    yield { path: 'key', says: 'is missing, and only operator Exists can do without. Add it' };
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    yield { path: 'tolerationSeconds', says: 'is set, but only the effect NoExecute has a time. Remove it' };
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
