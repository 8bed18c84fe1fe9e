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

/** The objects of one environment, by name: what is followed and explained. */
export interface Followed {
  readonly namespace: string;
  /** Of the Deployment and the Service, and the pods' label `app.kubernetes.io/name`. */
  readonly service: string;
  readonly application: string;
  /** Where Argo CD keeps its applications. */
  readonly argoNamespace: string;
}

/** The query that finds the service's pods. */
export function podsOf(service: string): { readonly labelSelector: string } {
  return { labelSelector: `app.kubernetes.io/name=${service}` };
}

/** A time of the Kubernetes API in milliseconds since the epoch; undefined where the object tells none. */
export function milliseconds(time: string | null | undefined): number | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : at;
}
