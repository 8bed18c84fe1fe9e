import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '@ngrok/webernetes';
import {
  at,
  type Fields,
  identity,
  isFields,
  isManifest,
  isRunnable,
  listAt,
  type Manifest,
  textAt,
} from '../../manifests/object.ts';
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

/**
 * What the embedded cluster has nothing for is put where it is no hindrance to it, and taken from there by what runs the pods: init
 * containers into an annotation, and the command of a hook, which it gives no time, into a request to a port of the pod's own.
 */

const initAnnotation = 'zerodrop/init-containers';
const hookHeader = 'zerodrop-exec';
const hooks = ['preStop', 'postStart'] as const;

/** A Deployment, or a merge patch of one, as the embedded cluster runs it. */
export function toRunnable<T extends Fields>(deployment: T): T {
  const pod = at(deployment, 'spec', 'template', 'spec');
  if (!isFields(pod)) return deployment;
  const { initContainers, ...others } = pod;
  const value = initContainers === null ? null : JSON.stringify(initContainers);
  return withTemplate(deployment, mapped(others, toRequests), (annotations) =>
    'initContainers' in pod ? { ...annotations, [initAnnotation]: value } : annotations,
  );
}

/** The Deployment as it is committed. */
export function fromRunnable<T extends Fields>(deployment: T): T {
  const template = at(deployment, 'spec', 'template');
  const pod = at(template, 'spec');
  if (!isFields(pod)) return deployment;
  const initContainers = initContainersOf(template);
  const shown = mapped(pod, fromRequests);
  return withTemplate(deployment, initContainers === null ? shown : { ...shown, initContainers }, (annotations) =>
    Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== initAnnotation)),
  );
}

/** The init containers that an annotation of a pod holds; null where there are none. */
export function initContainersOf(pod: unknown): unknown {
  const text = textAt(pod, 'metadata', 'annotations', initAnnotation);
  return text === undefined ? null : JSON.parse(text);
}

/** A command of a hook, and the port of the pod at which it is asked for. */
export interface Hook {
  readonly port: number;
  readonly command: readonly string[];
}

/** The commands of the hooks of a container as the embedded cluster runs it. */
export function hooksOf(container: unknown): readonly Hook[] {
  return hooks.flatMap((hook) => {
    const request = at(container, 'lifecycle', hook, 'httpGet');
    const header = listAt(request, 'httpHeaders')?.find(({ name }) => name === hookHeader);
    return header === undefined
      ? []
      : [{ port: Number(at(request, 'port')), command: JSON.parse(String(header['value'])) }];
  });
}

function mapped(pod: Fields, change: (container: Fields, index: number) => Fields): Fields {
  const containers = listAt(pod, 'containers');
  return containers === undefined ? pod : { ...pod, containers: containers.map(change) };
}

function toRequests(container: Fields, index: number): Fields {
  return withHooks(container, (handler, which) => {
    const command = at(handler, 'exec', 'command');
    if (command === undefined) return handler;
    const port = 65_535 - hooks.length * index - which;
    return { httpGet: { path: '/', port, httpHeaders: [{ name: hookHeader, value: JSON.stringify(command) }] } };
  });
}

function fromRequests(container: Fields): Fields {
  const own = hooksOf(container);
  return withHooks(container, (handler) => {
    const hook = own.find(({ port }) => port === at(handler, 'httpGet', 'port'));
    return hook === undefined ? handler : { exec: { command: hook.command } };
  });
}

function withHooks(container: Fields, change: (handler: Fields, which: number) => Fields): Fields {
  const { lifecycle } = container;
  if (!isFields(lifecycle)) return container;
  const changed = hooks.flatMap((hook, which) => {
    const handler = lifecycle[hook];
    return isFields(handler) ? [[hook, change(handler, which)] as const] : [];
  });
  return { ...container, lifecycle: { ...lifecycle, ...Object.fromEntries(changed) } };
}

function withTemplate<T extends Fields>(object: T, pod: Fields, change: (annotations: Fields) => Fields): T {
  const { spec } = object;
  const template = at(spec, 'template');
  const metadata = at(template, 'metadata');
  const before = at(metadata, 'annotations');
  const annotations = change(isFields(before) ? before : {});
  const { annotations: _, ...named } = isFields(metadata) ? metadata : {};
  const changed = Object.keys(annotations).length === 0 ? named : { ...named, annotations };
  const inside = { ...(isFields(template) ? template : {}), metadata: changed, spec: pod };
  return { ...object, spec: { ...(isFields(spec) ? spec : {}), template: inside } };
}
