import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type Cluster, isNotFound, isUnanswered } from '../../rollout/kubernetes/api.ts';

/** Where Argo CD keeps its Applications and projects. */
export const argoNamespace = 'argocd';

/** Where the Kubernetes API keeps the objects that a play makes and takes away, beyond those that it follows. */

export const projectsPath = (namespace: string): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects`;
export const namespacePath = (name: string): string => `/api/v1/namespaces/${name}`;

/** Creates an object in a collection; a field that the API server does not know is an error and not a warning. */
export async function create(cluster: Cluster, path: string, object: object): Promise<void> {
  await cluster.request({ method: 'POST', path, query: { fieldValidation: 'Strict' }, body: JSON.stringify(object) });
}

/** Deletes an object, or a whole collection. What is not there is deleted. */
export async function remove(cluster: Cluster, path: string, options: object = {}): Promise<void> {
  await patiently(async () => cluster.request({ method: 'DELETE', path, body: JSON.stringify(options) }));
}

/** Merges into an object. What is not there needs no change. */
export async function merge(cluster: Cluster, path: string, change: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await patiently(async () => cluster.request({ method: 'PATCH', path, contentType, body: JSON.stringify(change) }));
}

/** Waits until an object is as wanted, or is not there. Returns false where it is neither in time. */
export async function settled(
  cluster: Cluster,
  path: string,
  wanted: (object: unknown) => boolean,
  withinMs: number,
): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const answer = await patiently(async () => cluster.request({ method: 'GET', path }));
    if (answer === null || wanted(JSON.parse(answer.body))) return true;
    if (Date.now() > giveUpAt) return false;
    await pause(200);
  }
}

/** Waits until an object is not there. Returns false where it still is. */
export async function gone(cluster: Cluster, path: string, withinMs: number): Promise<boolean> {
  return settled(cluster, path, () => false, withinMs);
}

const attempts = 5;
const betweenMs = 2_000;

/** Tries again where the API server was away or overwhelmed. Null where the object is not there. */
async function patiently<T>(ask: () => Promise<T>): Promise<T | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (isNotFound(error)) return null;
      const passing = isUnanswered(error) || (error instanceof ApiError && error.status === 429);
      if (!passing || attempt === attempts) throw error;
      await pause(betweenMs);
    }
  }
}
