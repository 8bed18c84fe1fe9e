import path from 'node:path';
import { UsageError } from '../../../errors.ts';
import { expectedOneOf } from '../../../options.ts';
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

/**
 * The name of the Application that is named: by its own name or its label `environment`, and by its label `app.kubernetes.io/name`, which
 * is its service; the first where nothing is named. Throws {@link UsageError} with those that there are.
 */
export function chosenApplication(applications: readonly Manifest[], named: Named): string {
  const isService = (one: Manifest): boolean => named.service === null || serviceOf(one) === named.service;
  const isEnvironment = (one: Manifest): boolean =>
    named.environment === null || one.metadata.name === named.environment || environmentOf(one) === named.environment;
  const [found, ...more] = applications.filter((one) => isService(one) && isEnvironment(one));
  if (found === undefined) throw new UsageError(noneChosen(applications, named, applications.some(isService)));
  const exact = [found, ...more].find(({ metadata }) => metadata.name === named.environment) ?? found;
  if (named.environment !== null && more.length > 0 && exact.metadata.name !== named.environment) {
    const names = [found, ...more].map(({ metadata }) => metadata.name).join(' and ');
    throw new UsageError(
      `--environment ${named.environment} is that of ${names}. Name one of these instead, or its service by --service.`,
    );
  }
  return exact.metadata.name;
}

function noneChosen(applications: readonly Manifest[], { environment, service }: Named, isKnown: boolean): string {
  if (applications.length === 0 || (environment === null && service === null)) {
    return 'There is no Application of Argo CD to rehearse. Name the folder that holds it by --applications.';
  }
  if (service !== null && !isKnown) {
    return `--service is ${JSON.stringify(service)}, ${expectedOneOf(distinct(applications.map(serviceOf)), service)}`;
  }
  const own = applications.filter((one) => service === null || serviceOf(one) === service);
  const of = service === null ? '' : ` for ${service}`;
  return `--environment is ${JSON.stringify(environment)}${of}, ${expectedOneOf(distinct(own.map(environmentOf)), environment ?? '')}`;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function serviceOf({ metadata }: Manifest): string {
  return textAt(metadata, 'labels', 'app.kubernetes.io/name') ?? metadata.name;
}

function environmentOf({ metadata }: Manifest): string {
  return textAt(metadata, 'labels', 'environment') ?? metadata.name;
}
