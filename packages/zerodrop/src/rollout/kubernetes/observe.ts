import type { Observation, Observe } from '../watch.ts';
import type { Cluster } from './api.ts';
import { type Collection, follow, type Watched } from './collection.ts';
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
import { type Deployment, deploymentObservation, type ReplicaSet } from './pods.ts';
import { isOver, type Pod, podObservation } from './pods.ts';

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
