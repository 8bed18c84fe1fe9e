import type { ApplicationObservation, HealthStatus, OperationPhase, SyncStatus } from '../observation.ts';
import type { Cluster } from './api.ts';
import type { Watched } from './collection.ts';
import { applicationsPath, type FollowedApplication, milliseconds } from './objects.ts';

/** The part of an Argo CD Application that is read. */
export interface Application extends Watched {
  readonly metadata: Watched['metadata'] & { readonly name: string };
  /** An operation that is asked for and not yet finished. */
  readonly operation?: object;
  readonly status?: {
    readonly sync?: { readonly status?: SyncStatus; readonly revision?: string };
    readonly health?: { readonly status?: HealthStatus; readonly lastTransitionTime?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: {
      readonly phase?: OperationPhase;
      readonly startedAt?: string;
      readonly message?: string;
      readonly syncResult?: { readonly revision?: string; readonly resources?: readonly SyncedObject[] };
      readonly operation?: { readonly sync?: { readonly revision?: string } };
    };
  };
}

interface SyncedObject {
  readonly kind: string;
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
}

/**
 * How a rollout sees an Application. An attempt to sync that failed counts as failed, with the objects that it failed on: Argo CD
 * calls it Running for as long as it tries again, which is minutes.
 */
export function applicationObservation({ operation, status }: Application): ApplicationObservation {
  const state = status?.operationState;
  const refused = (state?.syncResult?.resources ?? []).filter((object) => object.status === 'SyncFailed');
  return {
    sync: status?.sync?.status ?? 'Unknown',
    health: status?.health?.status ?? 'Unknown',
    healthSince: milliseconds(status?.health?.lastTransitionTime),
    revision: commit(status?.sync?.revision),
    pending: operation !== undefined,
    phase: refused.length > 0 && state?.phase === 'Running' ? 'Failed' : (state?.phase ?? null),
    // An operation that failed before it had a result still says which commit it was asked for.
    phaseRevision: commit(state?.syncResult?.revision) ?? commit(state?.operation?.sync?.revision),
    phaseStartedAt: milliseconds(state?.startedAt),
    message: refused.length > 0 ? refused.map(sentence).join('; ') : text(state?.message),
    conditions: (status?.conditions ?? []).map(({ type, message }) => ({ type, message })),
  };
}

function sentence({ kind, name, message }: SyncedObject): string {
  return `${kind} ${name}: ${message ?? 'refused without a message'}`;
}

/** Where Argo CD could not read the manifests, it writes the branch that it follows in the place of the commit, or nothing (3.6.1). */
function commit(said: string | undefined): string | null {
  return said !== undefined && /^[0-9a-f]{40}$/.test(said) ? said : null;
}

/** Argo CD writes an empty string where it does not know yet. */
function text(said: string | undefined): string | null {
  return said === undefined || said === '' ? null : said;
}

/** Asks Argo CD to compare an application with git now. It removes the annotation once it has. */
export async function askForRefresh(cluster: Cluster, { namespace, name }: FollowedApplication): Promise<void> {
  await cluster.request({
    method: 'PATCH',
    path: `${applicationsPath(namespace)}/${name}`,
    contentType: 'application/merge-patch+json',
    body: JSON.stringify({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } }),
  });
}
