import { isClusterScoped } from '../../guard/model/kinds.ts';

/** A Kubernetes object as plain values: what a document of a manifest holds, and what the cluster answers. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A map of fields, whatever they hold. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Whether a value has what makes it an object of Kubernetes: apiVersion, kind and name. */
export function isManifest(value: unknown): value is Manifest {
  if (!isFields(value) || !isFields(value['metadata'])) return false;
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every(
    (text) => typeof text === 'string' && text !== '',
  );
}

/** The API group; empty for the core group. */
export function groupOf({ apiVersion }: Pick<Manifest, 'apiVersion'>): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** What tells one object from all others: two manifests with the same identity are the same object. */
export function identity(manifest: Manifest): string {
  return `${groupOf(manifest)}/${manifest.kind}/${manifest.metadata.namespace ?? ''}/${manifest.metadata.name}`;
}

/** The object's name in messages: `Deployment/web`. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** The value at a path of fields; undefined where one of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isFields(inner) ? inner[name] : undefined), value);
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The maps in a list of fields; undefined where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly Fields[] | undefined {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : undefined;
}

export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

export function isNamespaced(manifest: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  return !isClusterScoped(groupOf(manifest), manifest.kind);
}

/** What the embedded cluster can run, by group and kind. Others are kept, and do nothing. */
const runnable = new Set(['/Namespace', '/Pod', '/Service', 'apps/Deployment', 'apps/ReplicaSet']);

export function isRunnable(manifest: Manifest): boolean {
  return runnable.has(`${groupOf(manifest)}/${manifest.kind}`);
}

/** Kinds that come first, in the order in which Argo CD applies them (gitops-engine/pkg/sync/sync_tasks.go). */
const first = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
];

/** And those that come last. */
const last = ['Service', 'DaemonSet', 'Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'Job', 'CronJob', 'Ingress'];

/** Manifests in the order in which they are applied. */
export function inOrder(manifests: readonly Manifest[]): Manifest[] {
  return manifests.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ kind }: Manifest): number {
  if (first.includes(kind)) return first.indexOf(kind) - first.length;
  return last.indexOf(kind) + 1;
}
