import type { ApplicationObservation, HealthStatus, OperationPhase, SyncStatus } from '../watch.ts';
import type { Cluster } from './api.ts';
import type { Watched } from './api.ts';

/** Where the Kubernetes API keeps what a rollout is judged by. */

export const podsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
export const servicesPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;
export const eventsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/events`;
export const deploymentsPath = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const replicaSetsPath = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/replicasets`;
export const endpointSlicesPath = (namespace: string): string =>
  `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
export const applicationsPath = (namespace: string): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications`;

/** The objects of one rollout: what is followed and explained. */
export interface Followed {
  readonly namespace: string;
  /** Null where only the Application is looked at. */
  readonly deployment: FollowedDeployment | null;
  /** Null where nothing is known of Argo CD. */
  readonly application: FollowedApplication | null;
}

/** A Deployment with its pods. */
export interface FollowedDeployment {
  readonly name: string;
  /** Finds its pods and ReplicaSets, as the API takes it: see {@link labelSelector}. */
  readonly selector: string;
  /** The Service whose endpoints are told; null for none. */
  readonly service: string | null;
}

/** An Application and the namespace that has it. */
export interface FollowedApplication {
  readonly name: string;
  readonly namespace: string;
}

/** A selector of an object as the API takes it for a list: `matchLabels` and `matchExpressions`. */
export function labelSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = Object(selector) as {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values?: readonly string[];
    }[];
  };
  return [
    ...Object.entries(matchLabels ?? {}).map(([label, value]) => `${label}=${value}`),
    ...(matchExpressions ?? []).map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values.join(',')})`;
    }),
  ].join(',');
}

/** A time of the Kubernetes API in milliseconds since the epoch; undefined where the object tells none. */
export function milliseconds(time: string | null | undefined): number | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : at;
}

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
