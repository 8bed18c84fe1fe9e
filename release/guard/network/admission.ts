import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';
import { isNetworkPolicy } from '../kinds.ts';
import { podLabels, selects } from '../pods.ts';

/** A port that pods listen on. */
export interface ServedPort {
  readonly number: unknown;
  readonly name: unknown;
  readonly protocol: unknown;
}

/** Who may send to a port of a workload's pods. */
export type Admission = 'anyone' | 'some' | 'nobody';

/** The policies that say who may send to a workload's pods. Where there is none, anyone may. */
export function policiesOn(workload: ManifestObject, neighbours: readonly ManifestObject[]): readonly ManifestObject[] {
  return neighbours.filter(isNetworkPolicy).filter(({ document }) => {
    const types = listField(document, 'spec', 'policyTypes');
    // Where no type is said, a policy is about what comes in.
    const isIngress = types.length === 0 || types.includes('Ingress');
    return isIngress && selects(field(document, 'spec', 'podSelector'), podLabels(workload));
  });
}

/** Who may send to a port. Policies add up: what one of them admits is admitted. */
export function admission(policies: readonly ManifestObject[], port: ServedPort): Admission {
  if (policies.length === 0) return 'anyone';
  const admitting = policies
    .flatMap(({ document }) => listField(document, 'spec', 'ingress'))
    .filter((rule) => isFor(rule, port));
  if (admitting.length === 0) return 'nobody';
  return admitting.some((rule) => listField(rule, 'from').length === 0) ? 'anyone' : 'some';
}

/** A rule that names no port is for all of them. */
function isFor(rule: unknown, port: ServedPort): boolean {
  const ports = listField(rule, 'ports');
  return ports.length === 0 || ports.some((entry) => isPort(entry, port));
}

function isPort(entry: unknown, { number, name, protocol }: ServedPort): boolean {
  if ((field(entry, 'protocol') ?? 'TCP') !== protocol) return false;
  const [first, last] = [field(entry, 'port'), field(entry, 'endPort')];
  if (typeof first === 'number' && typeof last === 'number' && typeof number === 'number') {
    return number >= first && number <= last;
  }
  return first === undefined || first === number || first === name;
}
