import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IContainerPort } from 'kubernetes-models/v1/ContainerPort';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import type { IServicePort } from 'kubernetes-models/v1/ServicePort';
import { type Field, isRecord, type ManifestObject } from './object.ts';

/** A port on which a container of a pod listens. */
export interface ServedPort {
  readonly number: number;
  readonly name: string | undefined;
  readonly protocol: string;
}

/** An object that starts pods. */
export class Workload {
  readonly object: ManifestObject;
  readonly template: Field<IPodTemplateSpec>;
  readonly pod: Field<IPodSpec>;
  readonly labels: Labels;
  /** The containers that run as long as the pod, native sidecars included. */
  readonly containers: readonly Field<IContainer>[];
  readonly everyContainer: readonly Field<IContainer>[];
  readonly ports: readonly ServedPort[];
  /** True where its pods run until they are replaced; a Job's end by themselves. */
  readonly runsOn: boolean;

  constructor(object: ManifestObject, template: Field<IPodTemplateSpec>) {
    this.object = object;
    this.template = template;
    this.pod = template.at('spec');
    const { value } = template.at('metadata', 'labels');
    this.labels = isRecord(value) ? value : {};
    const [first, main] = [this.pod.at('initContainers').items(), this.pod.at('containers').items()];
    const sidecars = first.filter((container) => container.at('restartPolicy').value === 'Always');
    this.containers = [...main, ...sidecars];
    this.everyContainer = [...first, ...main];
    this.ports = this.containers.flatMap((container) => container.at('ports').items()).flatMap(servedPort);
    this.runsOn = object.is('apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout');
  }

  get kind(): string {
    return this.object.kind;
  }

  /** The field that says how many pods there are; null for a kind that has none. */
  get replicas(): Field<number | undefined> | null {
    if (!this.object.is('apps/Deployment', 'apps/StatefulSet', 'argoproj.io/Rollout', 'apps/ReplicaSet')) return null;
    return this.object.field('spec', 'replicas');
  }
}

function servedPort(port: Field<IContainerPort>): readonly ServedPort[] {
  const { number } = port.at('containerPort');
  return number === undefined
    ? []
    : [{ number, name: port.at('name').text, protocol: port.at('protocol').text ?? 'TCP' }];
}

/** The pods that an object starts; null where it starts none. */
export function workloadOf(object: ManifestObject): Workload | null {
  const template =
    object.as('apps/Deployment')?.at('spec', 'template') ??
    object.as('apps/StatefulSet')?.at('spec', 'template') ??
    object.as('apps/DaemonSet')?.at('spec', 'template') ??
    object.as('apps/ReplicaSet')?.at('spec', 'template') ??
    object.as('argoproj.io/Rollout')?.at('spec', 'template') ??
    object.as('batch/Job')?.at('spec', 'template') ??
    object.as('batch/CronJob')?.at('spec', 'jobTemplate', 'spec', 'template') ??
    // A pod has what a template has: metadata and spec.
    object.as('/Pod');
  return template === null ? null : new Workload(object, template);
}

/** How sentences call an entry of a list: by its name, or by its place where it has none. */
export function entryName(entry: Field<unknown>): string {
  return entry.loose('name').text ?? `no. ${Number(entry.keys.at(-1) ?? 0) + 1}`;
}

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

/** The labels of an object or of the pods that it starts. */
export type Labels = Readonly<Record<string, unknown>>;

/** True where a label selector, as NetworkPolicies and budgets have it, selects pods with these labels. An empty one selects all. */
export function selects(selector: unknown, labels: Labels): boolean {
  if (!isRecord(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return hasLabels(isRecord(matchLabels) ? matchLabels : {}, labels) && expressions.every((one) => holds(one, labels));
}

/** True where pods with these labels have each of the wanted ones, as a Service's selector has it. */
export function hasLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** True for a selector that selects every pod of its namespace. */
export function selectsAll(selector: unknown): boolean {
  if (!isRecord(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  const isEmpty = !isRecord(matchLabels) || Object.keys(matchLabels).length === 0;
  return isEmpty && (!Array.isArray(matchExpressions) || matchExpressions.length === 0);
}

function holds(expression: unknown, labels: Labels): boolean {
  if (!isRecord(expression)) return false;
  const { key, operator, values } = expression;
  const value = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const among = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** How sentences show a selector or labels, such as `app=web,tier=front`. */
export function shown(selector: unknown): string {
  if (!isRecord(selector)) return 'none';
  if (Array.isArray(selector['matchExpressions'])) return JSON.stringify(selector);
  const labels = isRecord(selector['matchLabels']) ? selector['matchLabels'] : selector;
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? 'nothing' : pairs.join(',');
}
