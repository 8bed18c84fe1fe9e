import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Target } from '../project.ts';
import { following } from './following.ts';
import { environmentLinks } from './links.ts';

/** The application of one service in one environment. */
export function application(repository: string, { name, service, environment, namespace }: Target): IApplication {
  const { metadata, spec, ...kind } = following(repository, {
    name,
    project: service.name,
    path: `manifests/${environment.name}`,
    namespace,
  });
  const info = environmentLinks(repository, environment.name);
  return {
    ...kind,
    metadata: {
      ...metadata,
      // The UI filters by labels.
      labels: { 'app.kubernetes.io/name': service.name, environment: environment.name },
      // The default, written for the same reason as `enabled`.
      annotations: { 'argocd.argoproj.io/skip-reconcile': 'false' },
    },
    spec: { ...spec, ...(info.length > 0 && { info: [...info] }) },
  };
}
