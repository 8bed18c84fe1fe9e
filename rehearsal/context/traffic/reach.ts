import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, read } from '../../../rollout/kubernetes/cluster.ts';
import { servicesPath } from '../../../rollout/kubernetes/paths.ts';
import { addresses, type ReachedNode, type ReachedService } from './addresses.ts';
import { askVersion } from './ask-version.ts';

const withinMs = 30_000;

/** Finds the address at which this machine reaches a Service. Throws with all that was tried where there is none. */
export async function reach(
  cluster: Cluster,
  namespace: string,
  service: string,
  signal: AbortSignal,
): Promise<string> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const [found, nodes] = await Promise.all([
      read<ReachedService>(cluster, `${servicesPath(namespace)}/${service}`),
      read<{ items: readonly ReachedNode[] }>(cluster, '/api/v1/nodes'),
    ]);
    const candidates = addresses(found, nodes.items);
    const answers = await Promise.all(candidates.map(async (url) => askVersion(url, 2_000)));
    const reached = candidates.find((_, index) => answers[index] !== null);
    if (reached !== undefined) return reached;
    if (Date.now() > giveUpAt) throw new Error(unreachable(namespace, service, candidates));
    await pause(500, undefined, { signal });
  }
}

function unreachable(namespace: string, service: string, candidates: readonly string[]): string {
  const what = `Service ${namespace}/${service}`;
  return candidates.length === 0
    ? `${what} has no address: neither a load balancer's nor a node port. Say where it is reached by --url.`
    : `${what} does not answer at ${candidates.join(', ')} from this machine. Say where it is reached by --url, or expose it by --expose load-balancer.`;
}
