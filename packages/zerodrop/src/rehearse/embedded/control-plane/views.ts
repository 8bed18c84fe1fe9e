import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Cluster } from '@ngrok/webernetes';
import type { Observation, Observed, PodObservation } from '../../../rollout/watch.ts';
import type { Scope } from '../../manifests/rehearsed.ts';
import type { Endpoint } from '../balancer/traffic.ts';
import type { Pods } from '../pods/pods.ts';
import { endpointsOf, podObservation, rolloutState } from './state.ts';

/** A rollout moves dozens of objects at once; what they add up to is told once. */
const burstMs = 10;

/** Who hears what the cluster does. */
export interface Listener {
  observe(observation: Observation, at: number): void;
  /** Everything behind the service, ready or not. */
  endpoints(endpoints: readonly Endpoint[], at: number): void;
  /** Something changed that an application's health may depend on. */
  changed(): void;
}

/** What the cluster looks like now. */
export interface Views {
  /** Tells of these objects from now on. */
  follow(scope: Scope): void;
  /** Looks again: the process of a pod has ended. */
  refresh(): void;
  replicaSets(namespace: string): readonly V1ReplicaSet[];
  /** How many pods a Deployment still has, by their objects. */
  podsOf(namespace: string, deployment: string): number;
}

/** Follows the objects of the cluster and tells what changes. */
export function makeViews(cluster: Cluster, pods: Pods, listener: Listener): Views {
  let scope: Scope | null = null;
  let shown: readonly PodObservation[] = [];

  const showPods = coalesce(burstMs, (at) => {
    if (scope === null) return;
    const objects = podInformer.list(scope.namespace).toSorted((one, other) => createdAt(one) - createdAt(other));
    const present = objects.map(podObservation);
    const names = new Set(present.map(({ name }) => name));
    // An object may be gone before its process is: the pod is gone when both are.
    const leaving = shown
      .filter(({ name }) => !names.has(name) && pods.isRunning(name))
      .map((pod): PodObservation => ({ ...pod, state: 'terminating' }));
    shown = [...leaving, ...present];
    listener.observe({ kind: 'pods', pods: shown }, at);
  });

  const showDeployment = coalesce(burstMs, (at) => {
    listener.changed();
    if (scope === null) return;
    const { namespace, deployment: name } = scope;
    const found = deploymentInformer.list(namespace).find(({ metadata }) => metadata?.name === name);
    if (found === undefined) return;
    const { deployment } = rolloutState(found, replicaSetInformer.list(namespace));
    listener.observe({ kind: 'deployment', ...deployment }, at);
  });

  const showEndpoints = coalesce(burstMs, (at) => {
    if (scope === null) return;
    const endpoints = endpointsOf(sliceInformer.list(scope.namespace), scope.service, pods.portOf);
    listener.endpoints(endpoints, at);
    const ready = endpoints.filter((endpoint) => endpoint.ready).map(({ pod }) => pod);
    listener.observe({ kind: 'endpoints', ready }, at);
  });

  const podInformer = cluster.informer('pods', showPods);
  const deploymentInformer = cluster.informer('deployments', showDeployment);
  const replicaSetInformer = cluster.informer('replicasets', showDeployment);
  const sliceInformer = cluster.informer('endpointslices', showEndpoints);
  cluster.informer('events', (change, { type, metadata, involvedObject, reason = '', message = '' }) => {
    if (change !== 'add' || type !== 'Warning' || metadata.namespace !== scope?.namespace) return;
    const object = `${involvedObject.kind}/${involvedObject.name}`;
    listener.observe({ kind: 'warning', object, reason, message }, Date.now());
  });

  return {
    follow(next) {
      if (JSON.stringify(next) === JSON.stringify(scope)) return;
      scope = next;
      showPods();
      showDeployment();
      showEndpoints();
    },
    refresh: showPods,
    replicaSets: (namespace) => replicaSetInformer.list(namespace),
    podsOf(namespace, deployment) {
      const sets = replicaSetInformer
        .list(namespace)
        .filter(({ metadata }) => metadata?.ownerReferences?.some(({ name }) => name === deployment))
        .map(({ metadata }) => metadata?.uid);
      const owners = new Set(sets);
      const isOwned = ({ metadata }: V1Pod): boolean =>
        metadata?.ownerReferences?.some(({ uid }) => owners.has(uid)) ?? false;
      return podInformer.list(namespace).filter(isOwned).length;
    },
  };
}

function createdAt({ metadata }: V1Pod): number {
  return metadata?.creationTimestamp?.getTime() ?? 0;
}

/** Calls `work` once for a burst of calls, `afterMs` after the first of them, with the time of the first. */
export function coalesce(afterMs: number, work: (since: number) => void): () => void {
  let since: number | null = null;
  return () => {
    if (since !== null) return;
    const first = Date.now();
    since = first;
    setTimeout(() => {
      since = null;
      work(first);
    }, afterMs);
  };
}

/** Makes a teller that keeps quiet where nothing is new: states that stay as they were, warnings that were told before. */
export function tellNews(tell: (observed: Observed) => void): (observation: Observation, at: number) => void {
  const last = new Map<string, string>();
  const told = new Set<string>();
  return (observation, at) => {
    const words = JSON.stringify(observation);
    const isState = observation.kind !== 'warning' && observation.kind !== 'not-run';
    if (isState ? last.get(observation.kind) === words : told.has(words)) return;
    if (isState) last.set(observation.kind, words);
    else told.add(words);
    tell({ ...observation, at });
  };
}
