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
