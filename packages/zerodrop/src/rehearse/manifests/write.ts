import path from 'node:path';
import { isApplication, isProject } from '../embedded/argo-cd/application.ts';
import { changed, type Changes, inNamespace, leastReplicas, withImage, withSpec } from './changes.ts';
import { changeFolder, readObjects } from './folder.ts';
import { at, type Fields, isFields, listAt, type Manifest } from './object.ts';
import type { Rehearsed } from './rehearsed.ts';

/** Writes the manifests of a clone as a play has them: one Application that follows `repository`, its project, and its changed folder. */
export async function writeChanges(
  directory: string,
  folder: string,
  { application }: Rehearsed,
  repository: string,
  changes: Changes,
): Promise<void> {
  const namespace = changes.namespace?.to ?? application.destination.namespace;
  await changeFolder(path.join(directory, folder), (object) => {
    const moved = changes.namespace === null ? object : inNamespace(object, changes.namespace);
    if (isProject(moved)) return ownProject(moved, namespace, repository);
    if (!isApplication(moved)) return moved;
    return moved.metadata.name === application.name ? following(moved, repository) : null;
  });
  const manifests = path.join(directory, application.path);
  const replicas = changes.replicas ?? leastReplicas(await readObjects(manifests));
  await changeFolder(manifests, (object) => changed(object, { ...changes, replicas }));
}

/** Writes another image into the Deployment of a clone. */
export async function setImage(
  directory: string,
  { application, deployment }: Rehearsed,
  image: string,
): Promise<void> {
  await changeFolder(path.join(directory, application.path), (object) =>
    object.kind === 'Deployment' && object.metadata.name === deployment.metadata.name
      ? withImage(object, image)
      : object,
  );
}

function following(application: Manifest, repository: string): Manifest {
  const source = at(application, 'spec', 'source');
  return withSpec(application, {
    source: { ...(isFields(source) ? source : {}), repoURL: repository, targetRevision: 'main' },
  });
}

/** A project that permits one repository and one namespace, and of these what it permitted before. */
function ownProject(project: Manifest, namespace: string, repository: string): Manifest {
  const isOwn = (entry: Fields): boolean => entry['namespace'] === namespace;
  const accounts = listAt(project, 'spec', 'destinationServiceAccounts');
  const kinds = listAt(project, 'spec', 'clusterResourceWhitelist');
  return withSpec(project, {
    sourceRepos: [repository],
    destinations: (listAt(project, 'spec', 'destinations') ?? []).filter(
      (entry) => isOwn(entry) || String(entry['namespace']).includes('*'),
    ),
    ...(accounts === undefined ? {} : { destinationServiceAccounts: accounts.filter(isOwn) }),
    ...(kinds === undefined ? {} : { clusterResourceWhitelist: kinds.filter((kind) => isOwnKind(kind, namespace)) }),
  });
}

function isOwnKind({ kind, name }: Fields, namespace: string): boolean {
  return kind !== 'Namespace' || name === undefined || name === namespace || String(name).includes('*');
}
