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
