import type { Cluster } from './cluster.ts';
import type { Followed } from './followed.ts';
import { applicationsPath } from './paths.ts';

/** Asks Argo CD to compare an application with git now. It removes the annotation once it has. */
export async function askForRefresh(cluster: Cluster, { argoNamespace, application }: Followed): Promise<void> {
  await cluster.request({
    method: 'PATCH',
    path: `${applicationsPath(argoNamespace)}/${application}`,
    contentType: 'application/merge-patch+json',
    body: JSON.stringify({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } }),
  });
}
