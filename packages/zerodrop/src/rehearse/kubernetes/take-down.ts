import { type Cluster, read } from '../../rollout/kubernetes/api.ts';
import { type Application, applicationsPath, podsPath } from '../../rollout/kubernetes/objects.ts';
import { argoNamespace, gone, merge, namespacePath, projectsPath, remove, settled } from './objects.ts';
import { type Owned, rehearsalLabel, staleNames } from './owner.ts';

const operationEndsWithinMs = 20_000;
/** A namespace waits for its load balancer, which takes its provider minutes to delete. */
const goneWithinMs = 300_000;

/**
 * Takes everything of one play out of the cluster, however far it had come. First the Application, without cascade, so that
 * nobody restores what goes; then the namespace; the AppProject last, because it says that there is something left.
 */
export async function takeDown(cluster: Cluster, own: string, keepNamespace: boolean): Promise<void> {
  try {
    await stopFollowing(cluster, own);
    if (!keepNamespace) await removeNamespace(cluster, own);
    await remove(cluster, `${projectsPath(argoNamespace)}/${own}`);
  } catch (cause) {
    throw new Error(
      `The rehearsal's objects are not all gone. ${words(cause)} Remove them by:\n${byHand(cluster.context, own)}`,
      {
        cause,
      },
    );
  }
}

/** The commands that do the same by hand. */
function byHand(context: string, own: string): string {
  const argo = `kubectl --context ${context} --namespace ${argoNamespace} delete --ignore-not-found`;
  return [`  ${argo} application ${own}`, `  ${namespaceByHand(context, own)}`, `  ${argo} appproject ${own}`].join(
    '\n',
  );
}

/** The command that takes a kept namespace away. */
export function namespaceByHand(context: string, own: string): string {
  return `kubectl --context ${context} delete --ignore-not-found namespace ${own}`;
}

async function stopFollowing(cluster: Cluster, own: string): Promise<void> {
  const path = `${applicationsPath(argoNamespace)}/${own}`;
  // A sync that runs goes on without its Application, and would make the namespace again after us.
  await merge(cluster, path, { operation: null, spec: { syncPolicy: null } });
  if (!(await settled(cluster, path, hasNoOperation, operationEndsWithinMs))) {
    await merge(cluster, path, { status: { operationState: { phase: 'Terminating' } } });
    await settled(cluster, path, hasNoOperation, operationEndsWithinMs);
  }
  await remove(cluster, path);
  await insist(gone(cluster, path, goneWithinMs), `Application ${own} is still there.`);
}

async function removeNamespace(cluster: Cluster, own: string): Promise<void> {
  const path = namespacePath(own);
  await remove(cluster, path);
  // Nobody sends them requests any more: without this the namespace waits for the slowest drain.
  await remove(cluster, podsPath(own), { gracePeriodSeconds: 1 });
  await insist(gone(cluster, path, goneWithinMs), `Namespace ${own} is still there.`);
}

function hasNoOperation(application: unknown): boolean {
  const { operation, status } = application as Application;
  const phase = status?.operationState?.phase;
  return operation === undefined && phase !== 'Running' && phase !== 'Terminating';
}

async function insist(done: Promise<boolean>, otherwise: string): Promise<void> {
  if (!(await done)) throw new Error(otherwise);
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

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
