import { argoNamespace } from '../../../apps/argo/place.ts';
import { isNotFound } from '../../../rollout/kubernetes/api-error.ts';
import { type Cluster, read } from '../../../rollout/kubernetes/cluster.ts';
import { applicationsPath } from '../../../rollout/kubernetes/paths.ts';

/** Throws a sentence where the cluster has no Argo CD. */
export async function requireArgoCd(cluster: Cluster): Promise<void> {
  try {
    await read(cluster, applicationsPath(argoNamespace), { limit: '1' });
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new Error(
      `The cluster of context ${cluster.context} has no Argo CD: it does not know the kind Application. Install Argo CD 3 in the namespace ${argoNamespace}, as docs/rehearse-on-kind.md shows.`,
      { cause },
    );
  }
}
