import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, read, servicesPath } from 'zerodrop/rollout';
import { addresses, isBalanced, type ReachedNode, type ReachedService } from './addresses.ts';
import { askVersion } from './ask-version.ts';

/** A provider tells a load balancer's address before traffic gets through: minutes before, at Google. */
const patienceMs = { node: 30_000, balancer: 300_000 };

/** Finds the address at which this machine reaches a Service. Throws with all that was tried where there is none. */
export async function reach(
  cluster: Cluster,
  namespace: string,
  service: string,
  signal: AbortSignal,
): Promise<string> {
  const startedAt = Date.now();
  for (;;) {
    const found = await read<ReachedService>(cluster, `${servicesPath(namespace)}/${service}`);
    const balanced = isBalanced(found);
    // Not everybody may list nodes, and a load balancer makes them needless.
    const nodes = balanced ? [] : (await read<{ items: readonly ReachedNode[] }>(cluster, '/api/v1/nodes')).items;
    const candidates = addresses(found, nodes);
    const answers = await Promise.all(candidates.map(async (url) => askVersion(url, signal)));
    const reached = candidates.find((_, index) => answers[index] !== null);
    if (reached !== undefined) return reached;
    if (Date.now() > startedAt + patienceMs[balanced ? 'balancer' : 'node']) {
      throw new Error(unreachable(namespace, service, candidates));
    }
    await pause(500, undefined, { signal });
  }
}

function unreachable(namespace: string, service: string, candidates: readonly string[]): string {
  const what = `Service ${namespace}/${service}`;
  return candidates.length === 0
    ? `${what} has no address: neither a load balancer's nor a node port. Say where it is reached by --url.`
    : `${what} does not answer at ${candidates.join(', ')} from this machine. Say where it is reached by --url, or expose it by --expose load-balancer.`;
}
