import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { isClusterScoped } from './kinds.ts';
import type { Field, ManifestObject } from './object.ts';

type Project = Field<IAppProject>;

/** Something that an Application needs of its project. */
export interface Need {
  /** As a sentence names it. */
  readonly name: string;
  /** The list of the project that should have it. */
  readonly list: string;
  isPermitted(project: Project): boolean;
}

/** What an Application needs, whatever it applies: its repositories and its own namespace. */
export function needsOfApplication(application: Field<IApplication>): readonly Need[] {
  const sources = [
    application.at('spec', 'source', 'repoURL'),
    ...application
      .at('spec', 'sources')
      .items()
      .map((source) => source.at('repoURL')),
  ];
  const namespace = application.at('spec', 'destination', 'namespace').text;
  return [
    ...sources.flatMap((source) => (source.text === undefined ? [] : [repository(source.text)])),
    ...(namespace === undefined ? [] : [place(application, namespace)]),
  ];
}

/** What one object needs of the project: its kind, and its namespace. */
export function needsOfObject(application: Field<IApplication>, object: ManifestObject): readonly Need[] {
  return [...(object.namespace === null ? [] : [place(application, object.namespace)]), kind(object)];
}

function repository(address: string): Need {
  const isPermitted = (project: Project): boolean => {
    const entries = project
      .at('spec', 'sourceRepos')
      .items()
      .map((entry) => entry.text ?? '');
    return isAllowed(entries, (entry) => fits(entry, address));
  };
  return { name: `the repository ${address}`, list: 'sourceRepos', isPermitted };
}

/** An entry that begins with ! denies, whatever others permit. */
function isAllowed(entries: readonly string[], isFor: (entry: string) => boolean): boolean {
  const isDenied = entries.some((entry) => entry.startsWith('!') && isFor(entry.slice(1)));
  return !isDenied && entries.some((entry) => !entry.startsWith('!') && isFor(entry));
}

function place(application: Field<IApplication>, namespace: string): Need {
  const destination = application.at('spec', 'destination');
  const isPermitted = (project: Project): boolean =>
    project
      .at('spec', 'destinations')
      .items()
      .some((entry) => {
        // A cluster is known by its address or by its name.
        const isThere = (['server', 'name'] as const).some((key) => fits(entry.at(key).text, destination.at(key).text));
        return isThere && fits(entry.at('namespace').text, namespace);
      });
  return { name: `the namespace ${namespace}`, list: 'destinations', isPermitted };
}

function kind(object: ManifestObject): Need {
  const isCluster = isClusterScoped(object.group, object.kind);
  const [permitted, denied] = isCluster
    ? (['clusterResourceWhitelist', 'clusterResourceBlacklist'] as const)
    : (['namespaceResourceWhitelist', 'namespaceResourceBlacklist'] as const);
  const has = (entry: Field<unknown>): boolean => {
    const isKind = fits(entry.loose('group').text, object.group) && fits(entry.loose('kind').text, object.kind);
    const name = entry.loose('name').text ?? '';
    return isKind && (!isCluster || name === '' || fits(name, object.name));
  };
  const isPermitted = (project: Project): boolean => {
    if (project.at('spec', denied).items().some(has)) return false;
    // Without a list, every kind that has a namespace is permitted, and none of the whole cluster.
    if (!isCluster && !project.at('spec', permitted).isSet) return true;
    return project.at('spec', permitted).items().some(has);
  };
  return {
    name: `the kind ${object.kind} of ${object.group === '' ? 'the core API' : object.group}${isCluster ? ` (${object.name})` : ''}`,
    list: permitted,
    isPermitted,
  };
}

/** True where a value is what an entry says, in which a star stands for anything. */
function fits(entry: string | undefined, value: string | undefined): boolean {
  if (entry === undefined || value === undefined) return false;
  const parts = entry.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}
