import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isClusterScoped } from '../../guard/model/kinds.ts';
import { valueAt } from '../../guard/model/object.ts';

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
export function at(value: unknown, ...fields: readonly string[]): unknown {
  return valueAt(value, fields);
}

export function textAt(value: unknown, ...fields: readonly string[]): string | undefined {
  const found = at(value, ...fields);
  return typeof found === 'string' ? found : undefined;
}

/** The maps in a list of fields; undefined where there is no list. */
export function listAt(value: unknown, ...fields: readonly string[]): readonly Fields[] | undefined {
  const found = at(value, ...fields);
  return Array.isArray(found) ? found.filter(isFields) : undefined;
}

/** The container of a Deployment that is called like it, else its first: what a mesh injects may stand before it. */
export function serviceContainer(deployment: unknown): Fields | undefined {
  const containers = listAt(deployment, 'spec', 'template', 'spec', 'containers') ?? [];
  return containers.find(({ name }) => name === at(deployment, 'metadata', 'name')) ?? containers[0];
}

/** The numbers of the ports of pods that the Services among objects lead to. */
export function targetPorts(objects: readonly Manifest[]): readonly number[] {
  const ports = objects.filter(({ kind }) => kind === 'Service').flatMap((one) => listAt(one, 'spec', 'ports') ?? []);
  return ports.map((port) => Number(port['targetPort'] ?? port['port'])).filter((port) => port > 0);
}

/** The fewest and the most pods that an autoscaler keeps. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** How many pods the autoscaler of a Deployment keeps; null where it has none. */
export function boundsOf(objects: readonly Manifest[], deployment: string): Bounds | null {
  const scaler = objects.find(
    (object) =>
      object.kind === 'HorizontalPodAutoscaler' && at(object, 'spec', 'scaleTargetRef', 'name') === deployment,
  );
  if (scaler === undefined) return null;
  // The API server's default for the fewest is 1.
  return { min: Number(at(scaler, 'spec', 'minReplicas') ?? 1), max: Number(at(scaler, 'spec', 'maxReplicas')) };
}

export function textsAt(value: unknown, ...fields: readonly string[]): readonly string[] {
  const found = at(value, ...fields);
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

/** Kinds that are kept beside what runs, and that a controller of the embedded cluster acts on. */
const obeyed = new Set(['autoscaling/HorizontalPodAutoscaler', 'policy/PodDisruptionBudget']);

/** Whether the embedded cluster does what an object asks for. */
export function isObeyed(manifest: Manifest): boolean {
  return isRunnable(manifest) || obeyed.has(`${groupOf(manifest)}/${manifest.kind}`);
}

/** Kinds that lead requests to a Service from outside, and what tells a load balancer about it: a play has an entrance of its own. */
const entrances = new Set(['Ingress', 'Gateway', 'HTTPRoute', 'HealthCheckPolicy', 'GCPBackendPolicy']);

/** Groups of kinds that watch what runs. A play does so by itself, and its cluster need not serve them. */
const watching = /^monitoring\./;

/** Whether an object of a kind has no part in a play on a real cluster, whose API server may not know it. */
export function isLeftOut(object: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  return entrances.has(object.kind) || watching.test(groupOf(object));
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

/** A file as it stands in the commit. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One document of a file, whatever it holds. */
export interface SourceDocument {
  /** Where it stands, for messages: the path, and its number where the file has several. */
  readonly source: string;
  readonly value: unknown;
}

/** Whether Argo CD would read a file of a folder as manifests. */
export function isManifestFile(name: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(path.extname(name));
}

/** The documents of a file, without the empty ones. Throws where it is not YAML, with the line and the reason. */
export function parseDocuments(file: SourceFile): SourceDocument[] {
  // 1.1 is what Kubernetes reads: there, a bare `yes` is a truth value.
  const documents = parseAllDocuments(file.text, { version: '1.1', prettyErrors: true });
  const parsed = Array.isArray(documents) ? documents : [];
  return parsed
    .map((document, index) => {
      const broken = document.errors[0];
      if (broken !== undefined) {
        throw new Error(`${file.path} is not YAML: ${broken.message.split('\n')[0]}`, { cause: broken });
      }
      const source = parsed.length > 1 ? `${file.path}, document ${index + 1}` : file.path;
      return { source, value: document.toJS() as unknown };
    })
    .filter(({ value }) => value !== null && value !== undefined);
}

/** A file of manifests with its objects. */
export interface ManifestFile {
  readonly path: string;
  readonly objects: readonly Manifest[];
}

/** Reads the manifests in a folder, without its subfolders, as Argo CD does; none where there is no such folder. Throws where a file is not YAML. */
async function readFolder(folder: string): Promise<readonly ManifestFile[]> {
  const names = await manifestsIn(folder);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const file = path.join(folder, name);
      const documents = parseDocuments({ path: file, text: await readFile(file, 'utf8') });
      return { path: file, objects: documents.map(({ value }) => value).filter(isManifest) };
    }),
  );
}

/** The objects of a folder. */
export async function readObjects(folder: string): Promise<readonly Manifest[]> {
  return (await readFolder(folder)).flatMap(({ objects }) => objects);
}

/** Changes the objects of a folder; null takes one away. Writes JSON, which is YAML too and has one meaning in each of its versions. */
export async function changeFolder(folder: string, change: (object: Manifest) => Manifest | null): Promise<void> {
  for (const file of await readFolder(folder)) {
    const objects = file.objects.map(change).filter((object) => object !== null);
    await writeFile(file.path, objects.map((object) => `${JSON.stringify(object, null, 2)}\n`).join('---\n'));
  }
}

async function manifestsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter(isManifestFile);
}

/** Removes the manifests of a folder, and leaves its subfolders and other files alone. */
export async function clearFolder(folder: string): Promise<void> {
  for (const name of await manifestsIn(folder)) await rm(path.join(folder, name));
}

/** Copies the manifests of a folder into another one. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await manifestsIn(from)) await copyFile(path.join(from, name), path.join(to, name));
}
