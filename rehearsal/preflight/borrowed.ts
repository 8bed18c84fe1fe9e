import { ApiError, type Cluster, read } from 'zerodrop/rollout';
import { namespacePath } from '../context/argo/paths.ts';
import { create, gone, remove } from '../context/objects.ts';
import { marked, type Owned, type Owner, staleNames, rehearsalLabel } from '../context/owner.ts';
import { namespaceByHand } from '../context/take-down.ts';
import { LeftBehind } from '../left-behind.ts';
import type { Manifest } from './resources.ts';

const namespacesPath = '/api/v1/namespaces';
const goneWithinMs = 60_000;

/** Makes a namespace for the while. Returns false where it can't be made, or somebody has made it meanwhile. */
export async function borrow(cluster: Cluster, namespace: Manifest, owner: Owner): Promise<boolean> {
  try {
    await create(cluster, namespacesPath, { ...namespace, metadata: marked(namespace.metadata, owner) });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
    throw error;
  }
}

/** Removes a namespace that was borrowed. Throws {@link LeftBehind} where it stays. */
export async function giveBack(cluster: Cluster, name: string): Promise<void> {
  const byHand = `Remove it by: ${namespaceByHand(cluster.context, name)}`;
  try {
    await remove(cluster, namespacePath(name));
    if (await gone(cluster, namespacePath(name), goneWithinMs)) return;
  } catch (cause) {
    throw new LeftBehind(`Namespace ${name} can't be removed: ${(cause as Error).message} ${byHand}`, { cause });
  }
  throw new LeftBehind(`Namespace ${name} is still there after ${goneWithinMs / 1_000} s. ${byHand}`);
}

/** Gives back what runs on this machine borrowed that were killed before they could. Returns the names. */
export async function giveBackStale(
  cluster: Cluster,
  place: string,
  isAlive: (processId: number) => boolean,
): Promise<string[]> {
  const { items } = await read<{ items: readonly Owned[] }>(cluster, namespacesPath, { labelSelector: rehearsalLabel });
  const stale = staleNames(items, place, isAlive);
  for (const name of stale) await giveBack(cluster, name);
  return stale;
}
