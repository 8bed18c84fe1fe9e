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
