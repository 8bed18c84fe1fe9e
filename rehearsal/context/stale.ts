import { type Cluster, read } from 'zerodrop/rollout';
import { argoNamespace, projectsPath } from './argo/paths.ts';
import { type Owned, staleNames, rehearsalLabel } from './owner.ts';
import { takeDown } from './take-down.ts';

/** Takes down what runs on this machine left behind that were killed before they could. Returns their names. */
export async function removeStalePlays(
  cluster: Cluster,
  place: string,
  isAlive: (processId: number) => boolean,
): Promise<string[]> {
  const { items } = await read<{ items: readonly Owned[] }>(cluster, projectsPath(argoNamespace), {
    labelSelector: rehearsalLabel,
  });
  const stale = staleNames(items, place, isAlive);
  for (const own of stale) await takeDown(cluster, own, false);
  return stale;
}
