import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Settings } from '../../settings/settings.ts';
import { argoNamespace, clusterServer } from './place.ts';

type SyncPolicy = NonNullable<IApplication['spec']['syncPolicy']>;

/** Argo CD 3 knows `refresh`, the published types not yet. */
interface RefreshingRetry {
  readonly retry: NonNullable<SyncPolicy['retry']> & { readonly refresh: boolean };
}

/** How every application here is synced, the root too. */
export const syncPolicy: SyncPolicy & RefreshingRetry = {
  // Git is what runs: what leaves it goes, and what a hand changes comes back. An emptied folder deletes nothing.
  automated: { prune: true, selfHeal: true, allowEmpty: false },
  // With `refresh` a retry takes the newest commit: else it stays on the bad one while its revert waits.
  retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' }, refresh: true },
  syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'FailOnSharedResource=true'],
};

/**
 * The application that follows one environment's folder on main.
 *
 * A single wave without hooks: a sync that waits for health would make a bad image block its own revert. No finalizer
 * either: when this file is lost, the service runs on.
 */
export function application(settings: Settings, environment: string, namespace: string): IApplication {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `${settings.service}-${environment}`, namespace: argoNamespace },
    spec: {
      project: settings.service,
      source: { repoURL: settings.repository, targetRevision: 'main', path: `manifests/${environment}` },
      destination: { server: clusterServer, namespace },
      syncPolicy,
    },
  };
}
