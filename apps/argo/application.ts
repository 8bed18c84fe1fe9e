import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { manifestsPath } from '../pins.ts';
import type { Target } from '../project.ts';
import { following } from './following.ts';
import { targetLinks } from './links.ts';

/** The application of one service in one environment. */
export function application(
  repository: string,
  { name, path, service, environment, namespace, workload }: Target,
): IApplication {
  const { metadata, spec, ...kind } = following(repository, {
    name,
    project: service.name,
    path: manifestsPath(path),
    namespace,
  });
  const info = targetLinks(repository, path);
  return {
    ...kind,
    metadata: {
      ...metadata,
      // The UI filters by labels.
      labels: { 'app.kubernetes.io/name': service.name, environment: environment.name },
      // The default, written for the same reason as `enabled`.
      annotations: {
        'argocd.argoproj.io/skip-reconcile': 'false',
        // A commit elsewhere does not make Argo CD render this one anew.
        'argocd.argoproj.io/manifest-generate-paths': `/${manifestsPath(path)}`,
      },
    },
    spec: {
      ...spec,
      ...(info.length > 0 && { info: [...info] }),
      ...(workload.autoscale !== undefined && scaledByOthers(service.name, spec.syncPolicy)),
    },
  };
}

/**
 * Leaves the number of pods to the autoscaler, in comparisons and in syncs, also while git still says one: a sync then applies the
 * number that is live (docs/adr/0046-an-autoscaler-takes-over-in-two-commits.md).
 */
function scaledByOthers(
  deployment: string,
  syncPolicy: IApplication['spec']['syncPolicy'],
): Pick<IApplication['spec'], 'ignoreDifferences' | 'syncPolicy'> {
  return {
    ignoreDifferences: [{ group: 'apps', kind: 'Deployment', name: deployment, jsonPointers: ['/spec/replicas'] }],
    syncPolicy: {
      ...syncPolicy,
      syncOptions: [...(syncPolicy?.syncOptions ?? []), 'RespectIgnoreDifferences=true'],
    },
  };
}
