import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';

/** Something that an application needs of its project. */
export interface Need {
  /** As a sentence names it. */
  readonly name: string;
  /** The list of the project that has it, as a rule. */
  readonly list: string;
  /** Whether a project's document permits it. */
  isPermitted(project: unknown): boolean;
}

/** What an application needs to apply these objects: its repository, its namespaces, and their kinds. */
export function needsOf({ document }: ManifestObject, objects: readonly ManifestObject[]): readonly Need[] {
  const source = field(document, 'spec', 'source', 'repoURL');
  const destination = field(document, 'spec', 'destination');
  const namespaces = new Set([field(destination, 'namespace'), ...objects.flatMap(({ namespace }) => namespace ?? [])]);
  return [repository(source), ...[...namespaces].map((name) => place(destination, name)), ...objects.map(kind)];
}

function repository(address: unknown): Need {
  const isPermitted = (project: unknown): boolean => {
    const entries = listField(project, 'spec', 'sourceRepos').map(String);
    const isDenied = entries.some((entry) => entry.startsWith('!') && fits(entry.slice(1), address));
    return !isDenied && entries.some((entry) => fits(entry, address));
  };
  return { name: `the repository ${String(address)}`, list: 'sourceRepos', isPermitted };
}

function place(destination: unknown, namespace: unknown): Need {
  // A cluster is known by its address or by its name.
  const isThere = (entry: unknown): boolean =>
    ['server', 'name'].some((key) => fits(field(entry, key), field(destination, key)));
  const isPermitted = (project: unknown): boolean =>
    listField(project, 'spec', 'destinations').some(
      (entry) => isThere(entry) && fits(field(entry, 'namespace'), namespace),
    );
  return { name: `the namespace ${String(namespace)}`, list: 'destinations', isPermitted };
}

/** Argo CD asks the cluster which kinds have a namespace; here an object tells by having one. */
function kind(object: ManifestObject): Need {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  const has = (entry: unknown): boolean =>
    fits(field(entry, 'group'), group) && fits(field(entry, 'kind'), object.kind);
  const scope = object.namespace === null ? 'cluster' : 'namespace';
  const list = `${scope}ResourceWhitelist`;
  const isPermitted = (project: unknown): boolean => {
    if (listField(project, 'spec', `${scope}ResourceBlacklist`).some(has)) return false;
    // Without a list, every kind that has a namespace is permitted, and none of the whole cluster.
    if (scope === 'namespace' && field(project, 'spec', list) === undefined) return true;
    return listField(project, 'spec', list).some(
      (entry) => has(entry) && (scope === 'namespace' || fits(field(entry, 'name') ?? '*', object.name)),
    );
  };
  return { name: `the kind ${object.kind} of ${group === '' ? 'the core API' : String(group)}`, list, isPermitted };
}

/** True where a value is what an entry says, in which a star stands for anything. */
function fits(entry: unknown, value: unknown): boolean {
  if (typeof entry !== 'string' || typeof value !== 'string') return false;
  const parts = entry.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}
