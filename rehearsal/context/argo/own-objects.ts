import { at } from '../../embedded/sync/fields.ts';
import { isFields, type Manifest } from '../../embedded/sync/manifest.ts';
import { withSpec } from '../../manifests/changes.ts';
import { marked, type Owner } from '../owner.ts';

/** The two objects that make Argo CD follow a repository. */
export interface ArgoObjects {
  readonly project: Manifest;
  readonly application: Manifest;
}

/**
 * The objects of a clone under a name of the play's own, and following `branch`. All else that is the play's own, repository and
 * namespaces, they have already. Without finalizers: the Application must go without taking anything along, because
 * `Delete=confirm` on the namespace would hold it up. An Application of the project `default` gets one that permits all.
 */
export function ownObjects(
  { project, application }: { readonly project: Manifest | null; readonly application: Manifest },
  own: string,
  branch: string,
  owner: Owner,
): ArgoObjects {
  const source = at(application, 'spec', 'source');
  const permitting = project ?? {
    ...open,
    metadata: { name: own, namespace: application.metadata.namespace ?? 'argocd' },
  };
  return {
    project: { ...permitting, metadata: named(permitting.metadata, own, owner) },
    application: {
      ...withSpec(application, {
        project: own,
        ...(isFields(source) ? { source: { ...source, targetRevision: branch } } : {}),
      }),
      metadata: named(application.metadata, own, owner),
    },
  };
}

const open = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

function named(rendered: Manifest['metadata'], name: string, owner: Owner): Manifest['metadata'] {
  const { finalizers: _, ...metadata } = rendered;
  return { ...marked({ ...metadata, name }, owner) };
}
