import { ApiError, type Cluster, podsPath } from 'zerodrop/rollout';

/** Warns where a failure is reported without log lines because this identity may not read them. */
export async function logAccess(cluster: Cluster, namespace: string, pod: string): Promise<string | null> {
  try {
    const path = `${podsPath(namespace)}/${pod}/log`;
    await cluster.request({ method: 'GET', path, query: { tailLines: '1', limitBytes: '1' } });
    return null;
  } catch (error) {
    // Anything else is about the pod: one that never ran has no log.
    if (!(error instanceof ApiError) || error.status !== 403) return null;
    return `Warning: this identity may not read the logs of ${namespace}, which would say more. Grant it "get" on pods/log (docs/how-to/verify-a-rollout.md).`;
  }
}
