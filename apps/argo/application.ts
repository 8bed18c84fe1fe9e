import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { repositoryPage } from '../../github/address.ts';
import { type Gateway, gatewayName } from '../exposure.ts';
import { manifestsPath, pinPath, type TargetPath } from '../pins.ts';
import type { Target } from '../project.ts';

/** Where Argo CD itself lives, and its projects and applications with it. */
export const argoNamespace = 'argocd';

/** Argo CD's name for the cluster that it runs in. */
export const clusterServer = 'https://kubernetes.default.svc';

/** Marks what a rehearsal has made: it is no environment, and nobody is told of it. */
export const rehearsalLabel = 'zerodrop/rehearsal';

/** What an Application calls the address of its service. Argo CD's reports to GitHub name it as that of the environment. */
export const serviceLink = 'Service';

/**
 * The ServiceAccount that Argo CD becomes to roll out into a namespace, as an AppProject names it. It is beside Argo CD, where
 * no pod of the application can run as it; cluster/argocd/deployers.ts makes it.
 */
export function deployAccount(namespace: string): string {
  return `${argoNamespace}:deploy-${namespace}`;
}

type SyncPolicy = NonNullable<IApplication['spec']['syncPolicy']>;

/** Argo CD 3 knows `enabled` and `refresh`, the published types do not yet. */
interface NewerFields {
  readonly automated: NonNullable<SyncPolicy['automated']> & { readonly enabled: boolean };
  readonly retry: NonNullable<SyncPolicy['retry']> & { readonly refresh: boolean };
}

const usualPolicy: SyncPolicy & NewerFields = {
  // Git is what runs: what leaves it goes, and what a hand changes comes back. An emptied folder deletes nothing. `enabled` is the
  // default, and is written because the root application puts back only fields that git has: the UI's Rollback sets it to false.
  automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
  // With `refresh` a retry takes the newest commit: else it stays on the bad one while its revert waits.
  retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' }, refresh: true },
  syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'FailOnSharedResource=true'],
};

/** What an application follows, and where that goes. */
export interface Followed {
  readonly name: string;
  readonly project: string;
  /** A folder of the repository. */
  readonly path: string;
  readonly namespace: string;
}

/**
 * An application that follows one folder on main: an environment's, and the root that makes those.
 *
 * A single wave without hooks: a sync that waits for health would make a bad image block its own revert. No finalizer
 * either: when this application is lost, what it made runs on.
 */
export function following(repository: string, { name, project, path, namespace }: Followed): IApplication {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: argoNamespace },
    spec: {
      project,
      source: { repoURL: repository, targetRevision: 'main', path },
      destination: { server: clusterServer, namespace },
      syncPolicy: usualPolicy,
    },
  };
}

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
  const info = [...targetLinks(repository, path), ...serviceLinks(workload)];
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

function serviceLinks(workload: Target['workload']): readonly Link[] {
  return workload.url !== undefined ? [{ name: serviceLink, value: workload.url }] : [];
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

/** The Application that follows an environment's Gateway. It has no environment's label: that finds the services of one. */
export function gatewayApplication(repository: string, { name, path }: Gateway): IApplication {
  const { metadata, ...rest } = following(repository, {
    name,
    project: gatewayName,
    path: manifestsPath(path),
    namespace: name,
  });
  const annotations = {
    'argocd.argoproj.io/skip-reconcile': 'false',
    'argocd.argoproj.io/manifest-generate-paths': `/${manifestsPath(path)}`,
  };
  return { ...rest, metadata: { ...metadata, labels: { 'app.kubernetes.io/name': gatewayName }, annotations } };
}
