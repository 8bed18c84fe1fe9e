import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '@ngrok/webernetes';
import { type Fields, identity, isManifest, isRunnable, type Manifest } from '../../manifests/object.ts';
import { fromRunnable, toRunnable } from '../../manifests/runnable.ts';
import { applyMergePatch, type LiveObjects } from '../argo-cd/compare.ts';

/** The embedded cluster takes a merge patch; a strategic one replaces whole lists, and the rest is answered by 415. */
const asMergePatch = { headers: { 'Content-Type': 'application/merge-patch+json' } };

/** How often a Deployment that is being taken down is looked at. */
const lookEveryMs = 100;

/** The objects of the embedded cluster; those of kinds that it can't run are kept beside it. */
export function liveObjects(
  { corev1, appsv1 }: KubeClient,
  podsOf: (deployment: Manifest) => number,
  kept: Map<string, Manifest> = new Map(),
): LiveObjects {
  const deployments = namespaced({
    read: async (place) => appsv1.readNamespacedDeployment(place),
    create: async (request) => appsv1.createNamespacedDeployment(request),
    patch: async (request, options) => appsv1.patchNamespacedDeployment(request, options),
    remove: async (place) => appsv1.deleteNamespacedDeployment(place),
  });
  const runners: Readonly<Record<string, LiveObjects>> = {
    Namespace: namespaces(corev1),
    Pod: namespaced({
      read: async (place) => corev1.readNamespacedPod(place),
      create: async (request) => corev1.createNamespacedPod(request),
      patch: async (request, options) => corev1.patchNamespacedPod(request, options),
      remove: async (place) => corev1.deleteNamespacedPod(place),
    }),
    Service: namespaced({
      read: async (place) => corev1.readNamespacedService(place),
      create: async (request) => corev1.createNamespacedService(request),
      patch: async (request, options) => corev1.patchNamespacedService(request, options),
      remove: async (place) => corev1.deleteNamespacedService(place),
    }),
    ReplicaSet: namespaced({
      read: async (place) => appsv1.readNamespacedReplicaSet(place),
      create: async (request) => appsv1.createNamespacedReplicaSet(request),
      patch: async (request, options) => appsv1.patchNamespacedReplicaSet(request, options),
      remove: async (place) => appsv1.deleteNamespacedReplicaSet(place),
    }),
    Deployment: {
      async read(one) {
        const live = await deployments.read(one);
        return live === null ? null : fromRunnable(live);
      },
      create: async (one) => deployments.create(toRunnable(one)),
      patch: async (one, patch) => deployments.patch(one, toRunnable(patch)),
      async remove(one) {
        // Deleted as it stands, it would drop its pods' objects while their processes still drain.
        await deployments.patch(one, { spec: { replicas: 0 } });
        while (podsOf(one) > 0) await pause(lookEveryMs);
        await deployments.remove(one);
      },
    },
  };
  const keeper = keptObjects(kept);
  const of = (manifest: Manifest): LiveObjects => (isRunnable(manifest) ? runners[manifest.kind] : undefined) ?? keeper;
  return {
    read: async (one) => of(one).read(one),
    create: async (one) => inItsWords(async () => of(one).create(one)),
    patch: async (one, patch) => inItsWords(async () => of(one).patch(one, patch)),
    remove: async (one) => inItsWords(async () => of(one).remove(one)),
  };
}

function namespaces(api: KubeClient['corev1']): LiveObjects {
  return {
    read: async ({ metadata: { name } }) => found(api.readNamespace({ name })),
    create: async (one) => void (await api.createNamespace({ body: structuredClone(one) })),
    patch: async ({ metadata: { name } }, patch) =>
      void (await api.patchNamespace({ name, body: patch }, asMergePatch)),
    remove: async ({ metadata: { name } }) => void (await api.deleteNamespace({ name })),
  };
}

interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** The four requests that every kind in a namespace answers. */
interface Requests {
  readonly read: (place: Place) => Promise<object>;
  readonly create: (request: Place & { readonly body: object }) => Promise<object>;
  readonly patch: (request: Place & { readonly body: object }, options: object) => Promise<object>;
  readonly remove: (place: Place) => Promise<object>;
}

function namespaced(requests: Requests): LiveObjects {
  return {
    read: async (one) => found(requests.read(placeOf(one))),
    // Cloned: the cluster writes defaults into what it is given.
    create: async (one) => void (await requests.create({ ...placeOf(one), body: structuredClone(one) })),
    patch: async (one, patch) => void (await requests.patch({ ...placeOf(one), body: patch }, asMergePatch)),
    remove: async (one) => void (await requests.remove(placeOf(one))),
  };
}

function placeOf({ metadata: { name, namespace = 'default' } }: Manifest): Place {
  return { name, namespace };
}

/** Objects that exist and do nothing. */
function keptObjects(kept: Map<string, Manifest>): LiveObjects {
  return {
    read: async (one) => kept.get(identity(one)) ?? null,
    create: async (one) => void kept.set(identity(one), one),
    async patch(one, patch) {
      const changed: Fields = applyMergePatch(kept.get(identity(one)) ?? {}, patch);
      if (isManifest(changed)) kept.set(identity(one), changed);
    },
    remove: async (one) => void kept.delete(identity(one)),
  };
}

async function found(reading: Promise<object>): Promise<Manifest | null> {
  try {
    const object: unknown = await reading;
    return isManifest(object) ? object : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 404) return null;
    throw error;
  }
}

/** The cluster's errors hold what an API server would say in a body; that is what Argo CD would quote. */
async function inItsWords(request: () => Promise<void>): Promise<void> {
  try {
    await request();
  } catch (cause) {
    const body: unknown = cause instanceof Error && 'body' in cause ? cause.body : null;
    const isStatus = typeof body === 'object' && body !== null && 'message' in body;
    throw isStatus ? new Error(String(body.message), { cause }) : cause;
  }
}
