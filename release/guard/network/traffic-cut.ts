import { nameOf } from '../change.ts';
import type { Folder } from '../comparison.ts';
import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';
import { isService, isWorkload } from '../kinds.ts';
import { containersOf, podLabels, selects } from '../pods.ts';
import { type Finding, findingAt, type Rule } from '../rule.ts';
import { admission, type Admission, policiesOn, type ServedPort } from './admission.ts';

/**
 * A NetworkPolicy that leaves out the port of the service cuts it off at once, and every object stays healthy: the kubelet's
 * probes come from the node, which is always let in.
 */
export const trafficCut: Rule = ({ folders }) =>
  folders.flatMap((folder) => folder.after.filter(isWorkload).flatMap((workload) => cutOff(workload, folder)));

function cutOff(workload: ManifestObject, folder: Folder): readonly Finding[] {
  const old = folder.before.find(({ kind, name }) => kind === workload.kind && name === workload.name);
  const policies = policiesOn(workload, folder.after);
  const touched = [workload, ...policies].find((object) => folder.changes.some(({ after }) => after === object));
  const where =
    policies.find((policy) => folder.changes.some(({ after }) => after === policy)) ?? touched ?? policies[0];
  if (where === undefined) return [];
  return portsOf(workload).flatMap((port) => {
    const now = admission(policies, port);
    const was = old === undefined ? 'anyone' : admission(policiesOn(old, folder.before), port);
    // Whom a new workload is for is its author's choice, and whom a port that takes no requests; but somebody it must be for.
    const before = was === 'anyone' && (old === undefined || !isServed(port, old, folder.before)) ? 'some' : was;
    if (!isLess(now, before)) return [];
    const who = now === 'nobody' ? 'lets nobody send' : 'lets only some senders send, where anyone could,';
    const says = `${who} to port ${String(port.number)} of ${nameOf(workload)}. What it leaves out is cut off at once, and every pod stays ready: admit the port`;
    return [findingAt(where, { says, at: ['spec', 'ingress'] })];
  });
}

function isLess(now: Admission, before: Admission): boolean {
  const order: readonly Admission[] = ['nobody', 'some', 'anyone'];
  return order.indexOf(now) < order.indexOf(before);
}

/** Whether a Service leads to a port. Where none selects the pods, whoever uses them knows them by other ways. */
function isServed(port: ServedPort, workload: ManifestObject, neighbours: readonly ManifestObject[]): boolean {
  const services = neighbours
    .filter(isService)
    .filter(({ document }) => selects({ matchLabels: field(document, 'spec', 'selector') }, podLabels(workload)));
  return (
    services.length === 0 ||
    services
      .flatMap(({ document }) => listField(document, 'spec', 'ports'))
      .map((entry) => field(entry, 'targetPort') ?? field(entry, 'port'))
      .some((target) => target === port.number || target === (port.name ?? port.number))
  );
}

function portsOf(workload: ManifestObject): readonly ServedPort[] {
  return containersOf(workload)
    .flatMap(({ container }) => listField(container, 'ports'))
    .map((port) => ({
      number: field(port, 'containerPort'),
      name: field(port, 'name'),
      protocol: field(port, 'protocol') ?? 'TCP',
    }));
}
