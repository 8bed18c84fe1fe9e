import type { IServicePort } from 'kubernetes-models/v1/ServicePort';
import type { Field } from './field.ts';
import type { Workload } from './workload.ts';

/** Where a port of a Service leads in a workload's pods. */
export type Target =
  | { readonly kind: 'port'; readonly number: number }
  /** No container has a port of that name or number. */
  | { readonly kind: 'nowhere' }
  /** No container names a port, so nobody can tell: a container listens on ports that it does not name, too. */
  | { readonly kind: 'unknown'; readonly number: number };

/** The name or number of the pods' port to which a Service's port sends. */
export function targetOf(port: Field<IServicePort>): number | string | undefined {
  const target = port.at('targetPort').value ?? port.at('port').value;
  return typeof target === 'number' || typeof target === 'string' ? target : undefined;
}

/** The protocol of a Service's port. */
export function protocolOf(port: Field<IServicePort>): string {
  return port.at('protocol').text ?? 'TCP';
}

/** Where a port of a Service leads in the pods of a workload. */
export function resolvePort(port: Field<IServicePort>, workload: Workload): Target {
  const target = targetOf(port);
  const ports = workload.ports.filter(({ protocol }) => protocol === protocolOf(port));
  // The API server takes digits in quotes for a name, which no port can have.
  if (typeof target === 'string') {
    const named = ports.find(({ name }) => name === target);
    return named === undefined ? { kind: 'nowhere' } : { kind: 'port', number: named.number };
  }
  if (target === undefined) return { kind: 'nowhere' };
  if (ports.some(({ number }) => number === target)) return { kind: 'port', number: target };
  return ports.length === 0 ? { kind: 'unknown', number: target } : { kind: 'nowhere' };
}
