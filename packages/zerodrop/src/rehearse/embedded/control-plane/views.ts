import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Cluster } from '@ngrok/webernetes';
import { isOver, type Pod, podObservation, replicaSetsOf } from '../../../rollout/kubernetes/pods.ts';
import type { Observation, Observed, PodObservation } from '../../../rollout/watch.ts';
import type { Manifest } from '../../manifests/object.ts';
import type { Scope } from '../../manifests/rehearsed.ts';
import { deploymentHealth, type DeploymentProgress, type Health, healthy } from '../argo-cd/compare.ts';
import type { Endpoint } from '../balancer/traffic.ts';
import type { Pods } from '../pods/pods.ts';
import { endpointsOf, targetPort } from './controllers.ts';

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
  pods(namespace: string): readonly V1Pod[];
  /** How many pods a Deployment still has, by their objects. */
  podsOf(namespace: string, deployment: string): number;
}

/** Follows the objects of the cluster and tells what changes. */
export function makeViews(cluster: Cluster, pods: Pods, listener: Listener): Views {
  let scope: Scope | null = null;
  let shown: readonly PodObservation[] = [];

  const showPods = coalesce(burstMs, (at) => {
    if (scope === null) return;
    const service = scope.deployment ?? '';
    const objects = podInformer.list(scope.namespace).toSorted((one, other) => createdAt(one) - createdAt(other));
    const present = objects
      .map(asSent)
      .filter((pod) => !isOver(pod))
      .map((pod) => podObservation(pod, service));
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
    const { namespace, service: name } = scope;
    const service = serviceInformer.list(namespace).find(({ metadata }) => metadata?.name === name);
    const target = (pod: string): number | undefined =>
      targetPort(
        service,
        podInformer.list(namespace).find(({ metadata }) => metadata?.name === pod),
      );
    const endpoints = endpointsOf(sliceInformer.list(namespace), scope, pods.portOf, target);
    listener.endpoints(endpoints, at);
    const ready = endpoints.filter((endpoint) => endpoint.ready).map(({ pod }) => pod);
    listener.observe({ kind: 'endpoints', ready }, at);
  });

  const podInformer = cluster.informer('pods', showPods);
  const deploymentInformer = cluster.informer('deployments', showDeployment);
  const replicaSetInformer = cluster.informer('replicasets', showDeployment);
  const sliceInformer = cluster.informer('endpointslices', showEndpoints);
  const serviceInformer = cluster.informer('services', showEndpoints);
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
    refresh() {
      showPods();
      // A port that stands for an endpoint's may be another now.
      showEndpoints();
    },
    replicaSets: (namespace) => replicaSetInformer.list(namespace),
    pods: (namespace) => podInformer.list(namespace),
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

/** A pod as the API would send it: a real cluster's pods and these are read by the same code. */
function asSent(pod: V1Pod): Pod {
  return JSON.parse(JSON.stringify(pod)) as Pod;
}

/**
 * Reads a rollout from the Deployment's own ReplicaSets.
 *
 * Its status would do on a real cluster; the embedded one has no `observedGeneration` that tells an old status from a new one,
 * and calls a rollout complete 4 ms after it began.
 */
export function rolloutState(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[]): DeploymentProgress {
  const replicas = deployment.spec?.replicas ?? 1;
  const { newest, others } = replicaSetsOf(deployment, replicaSets);
  const own = newest === undefined ? others : [newest, ...others];
  const updated = newest?.status?.replicas ?? 0;
  const updatedAvailable = newest?.status?.availableReplicas ?? 0;
  return {
    deployment: {
      image: deployment.spec?.template.spec?.containers[0]?.image ?? '',
      replicaSet: newest?.metadata?.name ?? null,
      replicas,
      updated,
      ready: sum(own.map(({ status }) => status?.readyReplicas)),
      available: sum(own.map(({ status }) => status?.availableReplicas)),
      settled:
        newest?.spec?.replicas === replicas &&
        [updated, newest.status?.readyReplicas, updatedAvailable].every((count) => (count ?? 0) === replicas) &&
        others.every(({ spec, status }) => (spec?.replicas ?? 0) === 0 && (status?.replicas ?? 0) === 0),
      failure: failure(deployment, newest),
    },
    seen: newest !== undefined,
    paused: deployment.spec?.paused ?? false,
    pods: sum(own.map(({ status }) => status?.replicas)),
    updatedAvailable,
  };
}

/** The condition names its ReplicaSet: one about an older template is left over, and says nothing of this rollout. */
function failure({ status }: V1Deployment, newest: V1ReplicaSet | undefined): string | null {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const isAboutNewest = newest !== undefined && progressing?.message?.includes(`"${newest.metadata?.name}"`);
  return progressing?.reason === 'ProgressDeadlineExceeded' && isAboutNewest === true ? progressing.reason : null;
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}

/** Reads a Deployment as it is now. */
type ReadDeployment = (place: { readonly name: string; readonly namespace: string }) => Promise<V1Deployment>;

/**
 * Health of the objects of this cluster. Only a Deployment's can be bad: the balancer stands for the provider that a
 * LoadBalancer Service waits for, and what is not run has nothing to fail with.
 */
export function healthIn(
  readDeployment: ReadDeployment,
  replicaSets: (namespace: string) => readonly V1ReplicaSet[],
): (manifest: Manifest) => Promise<Health> {
  return async ({ kind, metadata: { name, namespace = 'default' } }) => {
    if (kind !== 'Deployment') return healthy;
    // Read anew: a cached one might be older than the change that was just applied, and healthy.
    const deployment = await readDeployment({ name, namespace });
    return deploymentHealth(name, rolloutState(deployment, replicaSets(namespace)));
  };
}
