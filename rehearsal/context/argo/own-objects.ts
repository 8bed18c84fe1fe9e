import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { marked, type Owner } from '../owner.ts';

/** The two objects that make Argo CD follow a repository. */
export interface ArgoObjects {
  readonly project: IAppProject;
  readonly application: IApplication;
}

/**
 * The rendered objects under a name of the play's own, and following `branch`. All else that is the play's own, repository and
 * namespaces, is rendered from its settings. Without finalizers: the Application must go without taking anything along,
 * because `Delete=confirm` on the namespace would hold it up.
 */
export function ownObjects(rendered: ArgoObjects, own: string, branch: string, owner: Owner): ArgoObjects {
  const { project, application } = rendered;
  const { source, ...spec } = application.spec;
  return {
    project: { ...project, metadata: named(project.metadata, own, owner) },
    application: {
      ...application,
      metadata: named(application.metadata, own, owner),
      spec: {
        ...spec,
        project: own,
        ...(source === undefined ? {} : { source: { ...source, targetRevision: branch } }),
      },
    },
  };
}

function named(metadata: IApplication['metadata'], name: string, owner: Owner): IApplication['metadata'] {
  const { finalizers: _, ...kept } = metadata ?? {};
  return marked({ ...kept, name }, owner);
}
