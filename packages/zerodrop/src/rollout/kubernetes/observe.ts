import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observation, Observe } from '../watch.ts';
import { ApiError, type Cluster, isGone, read, type Watched } from './api.ts';
import { type ClusterEvent, warningObservation } from './explain.ts';
import {
  type Application,
  applicationObservation,
  applicationsPath,
  deploymentsPath,
  endpointSlicesPath,
  eventsPath,
  type Followed,
  type FollowedApplication,
  type FollowedDeployment,
  podsPath,
  replicaSetsPath,
} from './objects.ts';
import { type Deployment, deploymentObservation, isOver, type Pod, podObservation, type ReplicaSet } from './pods.ts';

// What programs import as zerodrop/rollout: the watch of a rollout, and where one is on a real cluster.
export { UsageError } from '../../errors.ts';
export { ApiError, type Cluster, connect, isNotFound, read } from './api.ts';
export { explain } from './explain.ts';
export { type Application, applicationObservation, applicationsPath, askForRefresh } from './objects.ts';
export { type Followed, labelSelector, podsPath } from './objects.ts';
export { type Deployment, deploymentObservation, type Pod, podObservation } from './pods.ts';
export { appliedSince, lookAgainMs, makePatience, type Patience } from '../patience.ts';
export { type ApplicationObservation, type Awaited, type DeploymentObservation, type HealthStatus } from '../watch.ts';
export { isComplete, isLastOldPodGone, makeWatch, type Observation, type Observe, type Observed } from '../watch.ts';
export { type PodObservation, type PodState, type RolloutState, type Watch } from '../watch.ts';

/**
 * Tells everything that a rollout is judged by, at once and at each change, until the signal ends it. Resolves with a promise
 * of the end once all is listed; throws where something may not be read.
 */
export async function observeRollout(
  cluster: Cluster,
  { namespace, deployment: followed, application }: Followed,
  observe: Observe,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const stopped = new AbortController();
  const until = AbortSignal.any([signal, stopped.signal]);
  const rollout: { deployment?: Deployment; replicaSets: readonly ReplicaSet[] } = { replicaSets: [] };
  const tellDeployment = onlyNews(observe);
  const showDeployment = (): null => {
    const { deployment, replicaSets } = rollout;
    if (deployment !== undefined) {
      tellDeployment({ kind: 'deployment', ...deploymentObservation(deployment, replicaSets) });
    }
    return null;
  };
  const on = async <T extends Watched>(
    collection: Collection,
    see: (objects: readonly T[], changed: T | null) => Observation | null,
  ): Promise<{ readonly ended: Promise<void> }> => {
    const tell = onlyNews(observe);
    return follow<T>(cluster, collection, (objects, changed) => tell(see(objects, changed)), until);
  };
  try {
    const applications = (of: FollowedApplication) =>
      on<Application>(named(applicationsPath(of.namespace), of.name), ([found]) =>
        found === undefined ? null : { kind: 'application', ...applicationObservation(found) },
      );
    const workload = ({ name, selector: labelSelector, service }: FollowedDeployment) => [
      on<Deployment>(named(deploymentsPath(namespace), name), ([found]) => {
        if (found !== undefined) rollout.deployment = found;
        return showDeployment();
      }),
      on<ReplicaSet>({ path: replicaSetsPath(namespace), query: { labelSelector } }, (replicaSets) => {
        rollout.replicaSets = replicaSets;
        return showDeployment();
      }),
      on<Pod>({ path: podsPath(namespace), query: { labelSelector } }, (pods) => ({
        kind: 'pods',
        pods: pods.filter((pod) => !isOver(pod)).map((pod) => podObservation(pod, name)),
      })),
      ...(service === null ? [] : [endpoints(service)]),
    ];
    const endpoints = (service: string) =>
      on<EndpointSlice>({ path: endpointSlicesPath(namespace), query: slicesOf(service) }, (slices) => ({
        kind: 'endpoints',
        ready: readyEndpoints(slices),
      }));
    const following = await Promise.all([
      ...(application === null ? [] : [applications(application)]),
      ...(followed === null ? [] : workload(followed)),
      // What was warned of before is not about this rollout: only what a watch brings is told.
      on<ClusterEvent>({ path: eventsPath(namespace), query: { fieldSelector: 'type=Warning' } }, (_, changed) =>
        changed === null ? null : warningObservation(changed),
      ),
    ]);
    return { ended: Promise.all(following.map(async ({ ended }) => ended)).then(() => undefined) };
  } catch (error) {
    stopped.abort();
    throw error;
  }
}

/** Leaves out what says the same as before: most changes of an object are not about a rollout. */
function onlyNews(observe: Observe): (seen: Observation | null) => void {
  let last = '';
  return (seen) => {
    const now = JSON.stringify(seen);
    if (seen === null || now === last) return;
    last = now;
    observe({ ...seen, at: Date.now() });
  };
}

function named(path: string, name: string): Collection {
  return { path, query: { fieldSelector: `metadata.name=${name}` } };
}

function slicesOf(service: string): { readonly labelSelector: string } {
  return { labelSelector: `kubernetes.io/service-name=${service}` };
}

/** The part of an EndpointSlice that is read. */
export interface EndpointSlice extends Watched {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name?: string };
  }[];
}

/** The pods that take new traffic, by name and in order. Those of two slices, one per address family, count once. */
export function readyEndpoints(slices: readonly EndpointSlice[]): string[] {
  const ready = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    // The API says that an unknown readiness is to be taken as ready.
    .filter(({ conditions }) => conditions?.ready !== false)
    .map(({ targetRef, addresses }) => targetRef?.name ?? addresses[0] ?? '');
  return [...new Set(ready)].toSorted();
}

/** Objects of one kind: where the API keeps them, and which of them. */
export interface Collection {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Hears of all objects at each change. `changed` is null for a list, where nobody knows what changed. */
export type Tell<T> = (objects: readonly T[], changed: T | null) => void;

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The API server ends a watch after this time, so that a connection that was lost without a word is noticed. */
const watchSeconds = 120;
const reconnectAfterMs = 200;
const retryAfterMs = 1_000;

/**
 * Lists a collection, tells it, and goes on telling its changes until the signal ends it. Resolves after the first list with a
 * promise of the end; throws where the first list fails, for that is a missing right or kind and not a passing trouble.
 */
export async function follow<T extends Watched>(
  cluster: Cluster,
  collection: Collection,
  tell: Tell<T>,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const objects = new Map<string, T>();
  let version: string | null = null;

  const relist = async (): Promise<void> => {
    const list = await read<{ metadata: { resourceVersion: string }; items: readonly T[] }>(
      cluster,
      collection.path,
      collection.query,
    );
    objects.clear();
    for (const object of list.items) objects.set(object.metadata.uid, object);
    version = list.metadata.resourceVersion;
    tell([...objects.values()], null);
  };

  const hear = ({ type, object }: WatchEvent<T>): void => {
    if (type === 'ERROR') throw errorEvent(object);
    version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') objects.delete(object.metadata.uid);
    else objects.set(object.metadata.uid, object);
    tell([...objects.values()], object);
  };

  const keepOn = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (version === null) await relist();
        await watchOnce(cluster, collection, version ?? '', hear, signal);
        await pause(reconnectAfterMs, undefined, { signal });
      } catch (error) {
        if (isGone(error)) version = null;
        else if (!signal.aborted) await pause(retryAfterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  await relist();
  return { ended: keepOn() };
}

/** Watches until the server ends it. Throws where the connection breaks or the server says an error. */
async function watchOnce<T>(
  cluster: Cluster,
  { path, query }: Collection,
  version: string,
  hear: (event: WatchEvent<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  const overdue = AbortSignal.timeout((watchSeconds + 15) * 1_000);
  const stream = await cluster.stream({
    method: 'GET',
    path,
    query: {
      ...query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(watchSeconds),
    },
    signal: AbortSignal.any([signal, overdue]),
  });
  try {
    for await (const line of createInterface({ input: stream })) {
      if (line !== '') hear(JSON.parse(line) as WatchEvent<T>);
    }
  } finally {
    stream.destroy();
  }
}

function errorEvent(status: unknown): ApiError {
  const { code, message } = status as { readonly code?: number; readonly message?: string };
  return new ApiError(code ?? 0, message ?? 'The watch ended with an error without a message.');
}
