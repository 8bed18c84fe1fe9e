import { isRecord } from '../../settings/value.ts';
import type { ManifestObject } from './documents.ts';
import { field, listField } from './field.ts';
import type { Keys } from './offset.ts';

/** Where kinds keep the pods that they start. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The way to the pod template of an object; null where it starts no pods. */
export function templateOf({ apiVersion, kind }: ManifestObject): readonly string[] | null {
  return /^(?:apps|batch)\//.test(apiVersion) ? (templates[kind] ?? null) : null;
}

/** A container, and the way to it. */
export interface Container {
  readonly container: unknown;
  readonly at: Keys;
}

/** The containers of an object's pods: those that run, or those before them. */
export function containersOf(
  object: ManifestObject,
  list: 'containers' | 'initContainers' = 'containers',
): readonly Container[] {
  const template = templateOf(object);
  if (template === null) return [];
  const path = [...template, 'spec', list];
  return listField(object.document, ...path).map((container, index) => ({ container, at: [...path, index] }));
}

/** The labels that an object's pods carry. */
export function podLabels(object: ManifestObject): Readonly<Record<string, unknown>> {
  const labels = field(object.document, ...(templateOf(object) ?? []), 'metadata', 'labels');
  return isRecord(labels) ? labels : {};
}

/** True where a label selector, as NetworkPolicies and budgets have it, takes pods with these labels. An empty one takes all. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(selector)) return false;
  const wanted = field(selector, 'matchLabels');
  const matches = Object.entries(isRecord(wanted) ? wanted : {}).every(([key, value]) => labels[key] === value);
  return matches && listField(selector, 'matchExpressions').every((expression) => holds(expression, labels));
}

function holds(expression: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  const value = labels[String(field(expression, 'key'))];
  const among = listField(expression, 'values').includes(value);
  switch (field(expression, 'operator')) {
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
