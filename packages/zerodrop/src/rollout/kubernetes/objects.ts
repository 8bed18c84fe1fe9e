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
