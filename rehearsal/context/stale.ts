import { argoNamespace } from '../../apps/argo/place.ts';
import { type Cluster, read } from '../../rollout/kubernetes/cluster.ts';
import { ownerAnnotation, ownerLabel } from './argo/own-objects.ts';
import { projectsPath } from './argo/paths.ts';
import { takeDown } from './take-down.ts';

/** The part of an AppProject that says whose it is. */
export interface Owned {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** Takes down what runs on this machine left behind that were killed before they could. Returns their names. */
export async function removeStalePlays(
  cluster: Cluster,
  place: string,
  isAlive: (processId: number) => boolean,
): Promise<string[]> {
  const { items } = await read<{ items: readonly Owned[] }>(cluster, projectsPath(argoNamespace), {
    labelSelector: ownerLabel,
  });
  const stale = staleNames(items, place, isAlive);
  for (const own of stale) await takeDown(cluster, own, false);
  return stale;
}

/** The plays among these whose process was on this machine and is gone. Those of other machines are theirs to judge. */
export function staleNames(
  projects: readonly Owned[],
  place: string,
  isAlive: (processId: number) => boolean,
): string[] {
  return projects.flatMap(({ metadata }) => {
    const [owner, processId] = metadata.annotations?.[ownerAnnotation]?.split('/') ?? [];
    return owner === place && /^\d+$/.test(processId ?? '') && !isAlive(Number(processId)) ? [metadata.name] : [];
  });
}
