import { ApiError, applicationsPath, type Cluster, isNotFound, read } from 'zerodrop/rollout';
import { argoNamespace } from './paths.ts';

/** Throws a sentence where the cluster has no Argo CD. */
export async function requireArgoCd(cluster: Cluster): Promise<void> {
  await insist(cluster, `${applicationsPath(argoNamespace)}?limit=1`, 'it does not know the kind Application');
  // The kind outlives an Argo CD that was removed, and is the same for one in another namespace. Argo CD does not start
  // without this ConfigMap.
  const configuration = `/api/v1/namespaces/${argoNamespace}/configmaps/argocd-cm`;
  // Who may not read it may still rehearse.
  await insist(cluster, configuration, `the namespace ${argoNamespace} has no ConfigMap argocd-cm`).catch(
    (error: unknown) => {
      if (!(error instanceof ApiError && error.status === 403)) throw error;
    },
  );
}

async function insist(cluster: Cluster, path: string, otherwise: string): Promise<void> {
  try {
    await read(cluster, path);
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new Error(
      `The cluster of context ${cluster.context} has no Argo CD that follows ${argoNamespace}: ${otherwise}. Install Argo CD 3 in that namespace, as docs/rehearse-on-kind.md shows.`,
      { cause },
    );
  }
}
