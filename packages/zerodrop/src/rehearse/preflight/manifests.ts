import { ApiError, type Cluster, isNotFound, read } from '../../rollout/kubernetes/api.ts';
import { LeftBehind } from '../cluster.ts';
import {
  create,
  gone,
  marked,
  namespaceByHand,
  namespacePath,
  type Owned,
  type Owner,
  rehearsalLabel,
  remove,
  staleNames,
} from '../kubernetes/owner.ts';
import { isLeftOut, type Manifest, readObjects } from '../manifests/object.ts';

interface Workload extends Manifest {
  readonly spec?: { readonly template?: PodTemplate };
}

/** What the API server has against the manifests of a folder, unchanged. Nothing of them stays in the cluster. */
export async function manifestProblems(cluster: Cluster, folder: string, owner: Owner): Promise<readonly string[]> {
  const manifests = (await readObjects(folder)) as readonly Workload[];
  const namespaces = manifests.filter(({ kind }) => kind === 'Namespace');
  const made: string[] = [];
  try {
    const problems: string[] = [];
    for (const namespace of namespaces) {
      problems.push(...(await apply(cluster, namespace, 'dry run')));
      // Nothing can be tried out in a namespace that is not there. One that is there belongs to somebody.
      const { name } = namespace.metadata;
      if (!(await exists(cluster, namespacePath(name))) && (await makeTemporaryNamespace(cluster, namespace, owner)))
        made.push(name);
    }
    // A pod is not admitted without its ServiceAccount, not even to be tried out.
    const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
    const others = manifests.filter(({ kind }) => kind !== 'ServiceAccount' && kind !== 'Namespace');
    for (const manifest of [...accounts, ...others]) {
      problems.push(...(await judged(cluster, manifest, made)));
    }
    return problems;
  } finally {
    for (const name of made) await removeTemporaryNamespace(cluster, name);
  }
}

async function judged(cluster: Cluster, manifest: Workload, made: readonly string[]): Promise<readonly string[]> {
  // A play leaves it out, and its cluster need not know what Google's do.
  if (isLeftOut(manifest) && !(await isServed(cluster, manifest))) return [];
  const namespace = manifest.metadata.namespace ?? 'default';
  const earnest = manifest.kind === 'ServiceAccount' && made.includes(namespace) ? 'for real' : 'dry run';
  const problems = await apply(cluster, manifest, earnest);
  const template = manifest.spec?.template;
  return template === undefined ? problems : [...problems, ...(await admitPod(cluster, namespace, template))];
}

async function exists(cluster: Cluster, objectAt: string): Promise<boolean> {
  try {
    await cluster.request({ method: 'GET', path: objectAt });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** How an object is sent: for real, or to be judged and forgotten. */
export type Earnest = 'for real' | 'dry run';

/** Applies an object as Argo CD would, server-side, but strictly: an unknown field is refused. Returns what is wrong. */
async function apply(cluster: Cluster, manifest: Manifest, earnest: Earnest): Promise<readonly string[]> {
  const name = `${manifest.kind} ${manifest.metadata.name}`;
  try {
    const { warnings } = await cluster.request({
      method: 'PATCH',
      path: await objectPath(cluster, manifest),
      query: { fieldManager: 'zerodrop-preflight', force: 'true', fieldValidation: 'Strict', ...dry(earnest) },
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(manifest),
    });
    return warnings.map((warning) => `${name}: the API server warns: ${warning}`);
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/**
 * Asks whether a pod made from this template would be admitted. Pod Security is enforced on pods alone: a Deployment that breaks
 * it is accepted, and never gets a pod.
 */
async function admitPod(cluster: Cluster, namespace: string, template: PodTemplate): Promise<readonly string[]> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: 'zerodrop-preflight' },
    spec: template.spec,
  };
  try {
    const { warnings } = await cluster.request({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { fieldValidation: 'Strict', ...dry('dry run') },
      body: JSON.stringify(pod),
    });
    return warnings.map((warning) => `A pod of the Deployment: the API server warns: ${warning}`);
  } catch (error) {
    return [`A pod of the Deployment: ${error instanceof Error ? error.message : String(error)}`];
  }
}

export interface PodTemplate {
  readonly metadata?: object;
  readonly spec: object;
}

function dry(earnest: Earnest): Record<string, string> {
  return earnest === 'dry run' ? { dryRun: 'All' } : {};
}

/** Whether the API server has the group and the version of a kind. */
async function isServed(cluster: Cluster, { apiVersion }: Manifest): Promise<boolean> {
  try {
    await read(cluster, `/apis/${apiVersion}`);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Asks the API server where it keeps an object. Throws a sentence where it does not know the kind. */
async function objectPath(cluster: Cluster, { apiVersion, kind, metadata }: Manifest): Promise<string> {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await read<ResourceList>(cluster, base);
  // A subresource such as deployments/scale has a kind of its own, which may be this one's.
  const resource = resources.find((known) => known.kind === kind && !known.name.includes('/'));
  if (resource === undefined) throw new Error(`The API server does not know the kind ${kind} of ${apiVersion}.`);
  const within = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${base}${within}/${resource.name}/${metadata.name}`;
}

const namespacesPath = '/api/v1/namespaces';
const goneWithinMs = 60_000;

/** Makes a namespace for the while. Returns false where it can't be made, or somebody has made it meanwhile. */
export async function makeTemporaryNamespace(cluster: Cluster, namespace: Manifest, owner: Owner): Promise<boolean> {
  try {
    await create(cluster, namespacesPath, { ...namespace, metadata: marked(namespace.metadata, owner) });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
    throw error;
  }
}

/** Removes a namespace that was borrowed. Throws {@link LeftBehind} where it stays. */
export async function removeTemporaryNamespace(cluster: Cluster, name: string): Promise<void> {
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
export async function removeStaleNamespaces(
  cluster: Cluster,
  place: string,
  isAlive: (processId: number) => boolean,
): Promise<string[]> {
  const { items } = await read<{ items: readonly Owned[] }>(cluster, namespacesPath, { labelSelector: rehearsalLabel });
  const stale = staleNames(items, place, isAlive);
  for (const name of stale) await removeTemporaryNamespace(cluster, name);
  return stale;
}
