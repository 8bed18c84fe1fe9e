import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Settings } from '../../settings/settings.ts';
import { following } from './following.ts';
import { environmentLinks } from './links.ts';

/** The application of one environment. */
export function application(settings: Settings, environment: string, namespace: string): IApplication {
  const { metadata, spec, ...kind } = following(settings.repository, {
    name: `${settings.service}-${environment}`,
    project: settings.service,
    path: `manifests/${environment}`,
    namespace,
  });
  const info = environmentLinks(settings.repository, environment);
  return {
    ...kind,
    metadata: {
      ...metadata,
      // The UI filters by labels.
      labels: { 'app.kubernetes.io/name': settings.service, environment },
      // The default, written for the same reason as `enabled`.
      annotations: { 'argocd.argoproj.io/skip-reconcile': 'false' },
    },
    spec: { ...spec, ...(info.length > 0 && { info: [...info] }) },
  };
}
