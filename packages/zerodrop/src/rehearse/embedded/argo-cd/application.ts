import path from 'node:path';
import {
  at,
  groupOf,
  isNamespaced,
  listAt,
  type Manifest,
  readObjects,
  textAt,
  textsAt,
} from '../../manifests/object.ts';

/** What an Argo CD Application asks for. */
export interface Application {
  readonly name: string;
  readonly project: string;
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  readonly destination: { readonly server: string; readonly namespace: string };
  /** Null where nobody syncs but by hand. */
  readonly automated: { readonly prune: boolean; readonly selfHeal: boolean; readonly allowEmpty: boolean } | null;
  /** How a sync that failed is tried again. */
  readonly retry: Retry;
  /** Prune after everything else is healthy, not before it is applied. */
  readonly pruneLast: boolean;
  /** Fields that count as no difference, by JSON pointers. */
  readonly ignored: readonly (Listed & { readonly namespace: string; readonly pointers: readonly string[] })[];
  /** What is ignored is left as it is by a sync as well, and not only by the comparison. */
  readonly respectsIgnored: boolean;
}

export function isApplication({ apiVersion, kind }: Manifest): boolean {
  return kind === 'Application' && apiVersion.startsWith('argoproj.io/');
}

/** Reads an Application, with Argo CD's own defaults. */
export function readApplication(manifest: Manifest): Application {
  const { spec } = manifest;
  const automated = at(spec, 'syncPolicy', 'automated');
  const isOn = automated !== undefined && automated !== null && at(automated, 'enabled') !== false;
  return {
    name: manifest.metadata.name,
    project: textAt(spec, 'project') ?? 'default',
    repository: textAt(spec, 'source', 'repoURL') ?? '',
    revision: textAt(spec, 'source', 'targetRevision') ?? 'HEAD',
    path: textAt(spec, 'source', 'path') ?? '.',
    destination: {
      server: textAt(spec, 'destination', 'server') ?? textAt(spec, 'destination', 'name') ?? '',
      namespace: textAt(spec, 'destination', 'namespace') ?? 'default',
    },
    automated: isOn
      ? {
          prune: at(automated, 'prune') === true,
          selfHeal: at(automated, 'selfHeal') === true,
          allowEmpty: at(automated, 'allowEmpty') === true,
        }
      : null,
    retry: retryOf(at(spec, 'syncPolicy', 'retry')),
    pruneLast: textsAt(spec, 'syncPolicy', 'syncOptions').includes('PruneLast=true'),
    ignored: (listAt(spec, 'ignoreDifferences') ?? []).map((item) => ({
      group: textAt(item, 'group') ?? '',
      kind: textAt(item, 'kind') ?? '',
      name: textAt(item, 'name') ?? '*',
      namespace: textAt(item, 'namespace') ?? '*',
      pointers: textsAt(item, 'jsonPointers'),
    })),
    respectsIgnored: textsAt(spec, 'syncPolicy', 'syncOptions').includes('RespectIgnoreDifferences=true'),
  };
}

/** How a sync that failed is tried again. Times in milliseconds. */
export interface Retry {
  /** How often; for ever below 0. */
  readonly limit: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
  /** With the newest commit, and not the one that failed. */
  readonly refresh: boolean;
}

/** Argo CD's own defaults: a sync of its own is tried five times more, first after 5 s, and then twice as late each time, up to 3 minutes. */
function retryOf(retry: unknown): Retry {
  const backoff = at(retry, 'backoff');
  return {
    limit: retry === undefined ? 5 : Number(at(retry, 'limit') ?? 0),
    firstMs: milliseconds(at(backoff, 'duration')) ?? 5_000,
    factor: Number(at(backoff, 'factor') ?? 2),
    mostMs: milliseconds(at(backoff, 'maxDuration')) ?? 180_000,
    refresh: at(retry, 'refresh') === true,
  };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration of Go such as `1m30s`, or a number of seconds; null for anything else. */
function milliseconds(duration: unknown): number | null {
  const text = String(duration ?? '');
  if (/^\d+$/.test(text)) return 1_000 * Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}

/** Objects that a list names; each part may hold `*`. */
interface Listed {
  readonly group: string;
  readonly kind: string;
  /** Any where it is not given; Argo CD 3.3 and newer know it for kinds of the cluster. */
  readonly name: string;
}

/** What an Argo CD AppProject permits. */
export interface Project {
  readonly name: string;
  readonly repositories: readonly string[];
  readonly destinations: readonly { readonly server: string; readonly namespace: string }[];
  readonly clusterKinds: { readonly allowed: readonly Listed[]; readonly denied: readonly Listed[] };
  /** Every kind is allowed where `allowed` is null. */
  readonly namespacedKinds: { readonly allowed: readonly Listed[] | null; readonly denied: readonly Listed[] };
}

export function isProject({ apiVersion, kind }: Manifest): boolean {
  return kind === 'AppProject' && apiVersion.startsWith('argoproj.io/');
}

/** Reads an AppProject, with Argo CD's own defaults. */
export function readProject({ metadata, spec }: Manifest): Project {
  const kinds = (list: string): Listed[] | null =>
    listAt(spec, list)?.map((item) => ({
      group: textAt(item, 'group') ?? '',
      kind: textAt(item, 'kind') ?? '',
      name: textAt(item, 'name') ?? '*',
    })) ?? null;
  return {
    name: metadata.name,
    repositories: textsAt(spec, 'sourceRepos'),
    destinations: (listAt(spec, 'destinations') ?? []).map((item) => ({
      server: textAt(item, 'server') ?? textAt(item, 'name') ?? '',
      namespace: textAt(item, 'namespace') ?? '',
    })),
    clusterKinds: { allowed: kinds('clusterResourceWhitelist') ?? [], denied: kinds('clusterResourceBlacklist') ?? [] },
    namespacedKinds: {
      allowed: kinds('namespaceResourceWhitelist'),
      denied: kinds('namespaceResourceBlacklist') ?? [],
    },
  };
}

/** The fields of an object whose differences an Application ignores, each as a path of names. */
export function ignoredFields({ ignored }: Application, manifest: Manifest): readonly (readonly string[])[] {
  return ignored
    .filter((item) => isMeant(item, manifest) && matches(item.namespace, manifest.metadata.namespace ?? ''))
    .flatMap(({ pointers }) => pointers.map(pathOf));
}

/** A JSON pointer (RFC 6901) as a path of names. */
function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Why a project does not take an Application at all, in Argo CD's words; null where it does. */
export function invalidSpec({ repository, destination }: Application, project: Project): string | null {
  if (!permits(project.repositories, repository)) {
    return `application repo ${repository} is not permitted in project '${project.name}'`;
  }
  if (!permitsNamespace(project, destination.server, destination.namespace)) {
    const { server, namespace } = destination;
    const where = `application destination server '${server}' and namespace '${namespace}'`;
    return `${where} do not match any of the allowed destinations in project '${project.name}'`;
  }
  return null;
}

/** Why a project does not permit some of the objects, each reason once. */
export function denials(manifests: readonly Manifest[], application: Application, project: Project): string[] {
  const words = manifests.map((manifest) => denial(manifest, application, project));
  return [...new Set(words.filter((one) => one !== null))];
}

/** Why a project does not permit an object, in Argo CD's words; null where it does. */
export function denial(manifest: Manifest, { destination }: Application, project: Project): string | null {
  const namespaced = isNamespaced(manifest);
  const { allowed, denied } = namespaced ? project.namespacedKinds : project.clusterKinds;
  const isListed = (list: readonly Listed[]): boolean => list.some((listed) => isMeant(listed, manifest));
  if ((allowed !== null && !isListed(allowed)) || isListed(denied)) {
    return `resource ${groupOf(manifest)}:${manifest.kind} is not permitted in project ${project.name}`;
  }
  const namespace = manifest.metadata.namespace ?? destination.namespace;
  if (!namespaced || permitsNamespace(project, destination.server, namespace)) return null;
  return `namespace ${namespace} is not permitted in project '${project.name}'`;
}

function isMeant({ group, kind, name }: Listed, manifest: Manifest): boolean {
  return matches(group, groupOf(manifest)) && matches(kind, manifest.kind) && matches(name, manifest.metadata.name);
}

function permitsNamespace({ destinations }: Project, server: string, namespace: string): boolean {
  return destinations.some((allowed) => matches(allowed.server, server) && matches(allowed.namespace, namespace));
}

/** A pattern that starts with `!` takes away what others permit. */
function permits(patterns: readonly string[], text: string): boolean {
  const isDenied = patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1), text));
  return !isDenied && patterns.some((pattern) => matches(pattern, text));
}

function matches(pattern: string, text: string): boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`).test(text);
}

/** The Applications of a clone, by name. */
export async function applicationsIn(directory: string, folder: string): Promise<readonly Manifest[]> {
  const objects = await readObjects(path.join(directory, folder));
  return objects.filter(isApplication).toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
}

/** Whether the folder of an Application has a Service. */
export async function hasService(directory: string, folder: string, name: string): Promise<boolean> {
  const rendered = (await applicationsIn(directory, folder)).find(({ metadata }) => metadata.name === name);
  if (rendered === undefined) return false;
  const objects = await readObjects(path.join(directory, readApplication(rendered).path));
  return objects.some(({ kind }) => kind === 'Service');
}

/** What is asked to be rehearsed: an environment or the name of an Application, and a service; null where it is not said. */
export interface Named {
  readonly environment: string | null;
  readonly service: string | null;
}
