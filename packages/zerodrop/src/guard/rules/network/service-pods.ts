import type { IService } from 'kubernetes-models/v1/Service';
import type { IServicePort } from 'kubernetes-models/v1/ServicePort';
import { type FolderComparison, inWords } from '../../model/comparison.ts';
import { type Field, isRecord } from '../../model/object.ts';
import { hasLabels, protocolOf, resolvePort, shown, targetOf, type Workload } from '../../model/workload.ts';
import { type Fault, formerly, refused, type Rule } from '../../rule.ts';

export const podsUnselected: Rule = {
  id: 'pods-unselected',
  title: 'New pods are not selected by their Service',
  severity: refused,
  judges: 'change',
  faults: (folder) => folder.after.all('/Service').flatMap((service) => unselected(service, folder)),
};

function unselected(service: Field<IService>, folder: FolderComparison): readonly Fault[] {
  const old = folder.before.get(service.object.key)?.as('/Service') ?? null;
  const selector = service.at('spec', 'selector').value;
  if (!isRecord(selector) || Object.keys(selector).length === 0) return [];
  if (old === null) return [...ofNew(service, folder)];
  // Of a selector that changes, another rule says more.
  if (shown(old.at('spec', 'selector').value) !== shown(selector)) return [];
  const others = folder.after.selectedBy(service);
  return folder.before.selectedBy(old).flatMap((former): readonly Fault[] => {
    const workload = folder.after.counterpart(former);
    if (workload === undefined || hasLabels(selector, workload.labels)) return [];
    const key = Object.keys(selector).find((label) => workload.labels[label] !== selector[label]) ?? '';
    const isAlone = others.length === 0;
    return [
      {
        at: workload.template.at('metadata', 'labels').loose(key),
        key: service.object.key,
        what: `starts pods that ${service.object.title} does not select (${shown(selector)})`,
        why: isAlone
          ? 'Each new pod is ready and gets no request; when the last old pod has ended, every request fails, while every object counts as healthy.'
          : 'Each new pod is ready and gets no request, and the other pods of the Service carry all of them.',
        fix: `Keep the label ${key} of the pods.`,
        instead: formerly,
        ...(isAlone ? {} : { severity: 'warn' as const }),
      },
    ];
  });
}

/** A new Service may be made for pods of somebody else; but where pods are in its folder, it should select some. */
function ofNew(service: Field<IService>, folder: FolderComparison): readonly Fault[] {
  const isFor = folder.after.workloads.some(({ object }) => object.namespace === service.object.namespace);
  if (!isFor || folder.after.selectedBy(service).length > 0) return [];
  return [
    {
      at: service.at('spec', 'selector'),
      severity: 'warn',
      what: `selects no pods of this folder (${shown(service.at('spec', 'selector').value)})`,
      why: 'Requests to it fail at once.',
      fix: 'Let it select the labels of the pods.',
    },
  ];
}

export const servicePortUnreachable: Rule = {
  id: 'service-port-unreachable',
  title: 'A Service sends to a port that its pods do not have',
  severity: refused,
  judges: 'change',
  faults: (folder) =>
    folder.after.all('/Service').flatMap((service) =>
      folder.after.selectedBy(service).flatMap((workload) =>
        service
          .at('spec', 'ports')
          .items()
          .flatMap((port) => unreachable(service, port, workload, folder) ?? []),
      ),
    ),
};

function unreachable(
  service: Field<IService>,
  port: Field<IServicePort>,
  workload: Workload,
  folder: FolderComparison,
): Fault | null {
  if (resolvePort(port, workload).kind !== 'nowhere') return null;
  const target = inWords(targetOf(port));
  const old = folder.before.counterpart(workload);
  const oldPort = folder.before
    .get(service.object.key)
    ?.as('/Service')
    ?.at('spec', 'ports')
    .items()
    .find((other) => isSamePort(other, port));
  const former = old && oldPort && resolvePort(oldPort, old);
  // It led nowhere before.
  if (former?.kind === 'nowhere') return null;
  // A container may listen on a port that it does not name, so something new may be right.
  const isNamed = typeof targetOf(port) === 'string';
  // Where the Service sends to the same as before, the pods have changed.
  const isOfPods = former !== undefined && oldPort !== undefined && targetOf(oldPort) === targetOf(port);
  return {
    at: isOfPods ? workload.pod.at('containers', 0).at('ports') : port.at('targetPort'),
    key: `${service.object.key} ${String(port.at('port').value)} ${workload.object.key}`,
    what: isOfPods
      ? `no longer has the port ${target} to which ${service.object.title} sends`
      : `sends port ${inWords(port.at('port').value)} to ${target} of ${workload.object.title}, which has no such port`,
    why: isNamed
      ? 'A pod without a port of that name is no endpoint, however ready it is: requests fail when the last old pod has ended.'
      : 'The pods are ready, and requests go to a port on which nobody listens.',
    fix: 'Add the new port to the pods beside the old one, change the Service in a later commit, and remove the old port after that.',
    ...(former === undefined ? { severity: 'warn' as const } : {}),
    instead: formerly,
  };
}

export const servicePortChanged: Rule = {
  id: 'service-port-changed',
  title: 'A port of a Service goes or leads elsewhere',
  severity: refused,
  judges: 'change',
  faults: (folder) =>
    folder.changes.flatMap(({ before, after }) => {
      const [old, next] = [before?.as('/Service'), after?.as('/Service')];
      return old && next
        ? old
            .at('spec', 'ports')
            .items()
            .flatMap((port) => lost(port, next, folder) ?? [])
        : [];
    }),
};

function lost(old: Field<IServicePort>, service: Field<IService>, folder: FolderComparison): Fault | null {
  const next = service
    .at('spec', 'ports')
    .items()
    .find((port) => isSamePort(port, old));
  if (next === undefined) {
    return lostPort(service.at('spec', 'ports'), `takes away port ${shownPort(old)}`, 'Requests to it fail at once.');
  }
  const change = `changes port ${shownPort(old)} to ${shownPort(next)}`;
  if ((old.at('name').value ?? '') !== (next.at('name').value ?? '')) {
    return lostPort(
      next.at('name'),
      change,
      'A renamed port has no endpoints until they are written anew under its name.',
    );
  }
  const node = old.at('nodePort');
  if (node.isSet && node.value !== next.at('nodePort').value) {
    return lostPort(next.at('nodePort'), change, 'Clients of the old node port are refused.');
  }
  const [spoken, speaks] = [old, next].map((port) => applicationProtocol(port.at('appProtocol').text));
  if (spoken !== speaks) {
    return lostPort(
      next.at('appProtocol'),
      `changes the appProtocol of port ${inWords(old.at('port').value)} from ${inWords(old.at('appProtocol').value)} to ${inWords(next.at('appProtocol').value)}`,
      'Load balancers and meshes speak the other protocol at once, also to pods that do not understand it, and requests to these fail.',
    );
  }
  if (targetOf(old) === targetOf(next) || losesNobody(old, next, service, folder)) return null;
  return lostPort(
    next.at('targetPort'),
    change,
    'Pods of the old version do not listen there, and requests to them fail while both versions run.',
  );
}

/** What a load balancer speaks to the pods of a port: one that says nothing of it speaks HTTP/1.1 or passes bytes on. */
function applicationProtocol(name: string | undefined): 'plain' | 'HTTP/2' | 'TLS' | 'HTTP/2 over TLS' {
  const protocol = (name ?? '').toLowerCase().replace(/^kubernetes\.io\//, '');
  if (protocol === 'http2') return 'HTTP/2 over TLS';
  if (protocol === 'h2c' || protocol === 'grpc') return 'HTTP/2';
  return protocol === 'https' || protocol === 'wss' || protocol === 'tls' ? 'TLS' : 'plain';
}

function isSamePort(one: Field<IServicePort>, other: Field<IServicePort>): boolean {
  return one.at('port').value === other.at('port').value && protocolOf(one) === protocolOf(other);
}

function lostPort(at: Field<unknown>, what: string, why: string): Fault {
  const fix = 'Add the new port beside it, and remove the old one in a later release.';
  return { at, what, why, fix, instead: formerly };
}

/** True where the pods of both versions listen on the same port by either name, or the old name led nowhere. */
function losesNobody(
  old: Field<IServicePort>,
  next: Field<IServicePort>,
  service: Field<IService>,
  folder: FolderComparison,
): boolean {
  const formerService = folder.before.get(service.object.key)?.as('/Service');
  const former = formerService ? folder.before.selectedBy(formerService) : [];
  return (
    former.length > 0 &&
    former.every((workload) => {
      const [was, is] = [resolvePort(old, workload), resolvePort(next, workload)];
      return was.kind === 'nowhere' || (was.kind === 'port' && is.kind === 'port' && was.number === is.number);
    }) &&
    folder.after.selectedBy(service).every((workload) => resolvePort(next, workload).kind === 'port')
  );
}

function shownPort(port: Field<IServicePort>): string {
  const node = port.at('nodePort');
  const parts = [
    `target ${inWords(targetOf(port))}`,
    ...(port.at('name').text ? [`name ${port.at('name').text}`] : []),
    ...(node.isSet ? [`node port ${inWords(node.value)}`] : []),
  ];
  return `${inWords(port.at('port').value)}/${protocolOf(port)} (${parts.join(', ')})`;
}
