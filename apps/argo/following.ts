import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';

/** Where Argo CD itself lives, and its projects and applications with it. */
export const argoNamespace = 'argocd';

/** Argo CD's name for the cluster that it runs in. */
export const clusterServer = 'https://kubernetes.default.svc';

/** Marks what a rehearsal has made: it is no environment, and nobody is told of it. */
export const rehearsalLabel = 'zerodrop/rehearsal';

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

const syncPolicy: SyncPolicy & NewerFields = {
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
      syncPolicy,
    },
  };
}
