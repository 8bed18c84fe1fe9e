import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { repositoryPage } from '../../github/address.ts';
import { manifestsPath, pinPath, type TargetPath } from '../pins.ts';
import type { Target } from '../project.ts';
import { following } from './following.ts';

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

/** A page at GitHub about one target, as an Application names it. */
export interface Link {
  readonly name: string;
  readonly value: string;
}

/**
 * The pages of a target that Argo CD's UI can't find by itself, unlike the repository and the commit: its releases, the workflow that
 * rolls back, and the runs of all workflows. None where the repository is not at GitHub.
 */
export function targetLinks(repository: string, target: TargetPath): readonly Link[] {
  const page = repositoryPage(repository);
  if (page === null) return [];
  return [
    { name: 'Releases', value: `${page}/commits/main/${pinPath(target)}` },
    { name: 'Roll back', value: `${page}/actions/workflows/roll-back.yaml` },
    { name: 'Runs', value: `${page}/actions` },
  ];
}

/**
 * The annotation by which Argo CD links a target's releases. The UI reads it from live objects that an application manages, and
 * shows it beside the object, on the application's page and in the list of applications.
 */
export function linkAnnotations(repository: string, target: TargetPath): Readonly<Record<string, string>> {
  const [releases] = targetLinks(repository, target);
  if (releases === undefined) return {};
  return { 'link.argocd.argoproj.io/external-link': `${releases.name}|${releases.value}` };
}
