import type { Application } from '../../src/rollout/kubernetes/objects.ts';
import type { Deployment, ReplicaSet } from '../../src/rollout/kubernetes/pods.ts';
import type { ContainerStatus, Pod } from '../../src/rollout/kubernetes/pods.ts';

/** Objects as Kubernetes 1.35 and Argo CD 3.6 write them, as far as a rollout is judged by them. */

/** Seconds of the cluster's clock, which differs from ours, as the API writes them. */
const clusterTime = (second: number): string =>
  new Date(Date.UTC(2031, 0, 1) + second * 1_000).toISOString().replace('.000Z', 'Z');

/** What differs between two pod templates: the image, and the value of a setting. */
export interface Variant {
  readonly image: string;
  readonly setting: string;
}

function template({ image, setting }: Variant, hash?: string) {
  const labels = { 'app.kubernetes.io/name': 'web', ...(hash === undefined ? {} : { 'pod-template-hash': hash }) };
  return {
    metadata: { labels },
    spec: { containers: [{ name: 'web', image, env: [{ name: 'SETTING', value: setting }] }] },
  };
}

/** The hash of a template, as far as two of them need one. */
const hashOf = ({ image, setting }: Variant): string => `${/:([^@]*)/.exec(image)?.[1] ?? image}-${setting}`;

/** The name of a template's ReplicaSet. */
const replicaSetName = (variant: Variant): string => `web-${hashOf(variant)}`;

export function replicaSet(variant: Variant): ReplicaSet {
  const name = replicaSetName(variant);
  return {
    metadata: { uid: name, resourceVersion: '1', name, ownerReferences: [{ uid: 'deployment' }] },
    spec: { template: template(variant, hashOf(variant)) },
  };
}

export function deployment(
  variant: Variant,
  counts: {
    readonly replicas?: number;
    readonly updated?: number;
    readonly available?: number;
    readonly old?: number;
  } = {},
  conditions: NonNullable<Deployment['status']>['conditions'] = [],
): Deployment {
  const { replicas = 1, updated = replicas, available = updated, old = 0 } = counts;
  return {
    metadata: { uid: 'deployment', resourceVersion: '1', name: 'web', generation: 2 },
    spec: { replicas, template: template(variant) },
    status: {
      observedGeneration: 2,
      replicas: updated + old,
      updatedReplicas: updated,
      readyReplicas: available,
      availableReplicas: available,
      conditions,
    },
  };
}

/** The condition of a Deployment whose controller has given up. */
export function missedDeadline(variant: Variant, second: number) {
  return {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `ReplicaSet "${replicaSetName(variant)}" has timed out progressing.`,
    lastUpdateTime: clusterTime(second),
  };
}

/** The conditions of a running pod: Kubernetes writes five. */
export function podConditions(isReady: boolean) {
  const status = isReady ? 'True' : 'False';
  return [
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status },
    { type: 'ContainersReady', status },
    { type: 'PodScheduled', status: 'True' },
  ];
}

/** A pod of a template that was created at a second, with its container in a state. A ready one has all conditions of a real one. */
export function pod(
  variant: Variant,
  name: string,
  createdAt: number,
  container: Partial<ContainerStatus>,
  isDeleted = false,
): Pod {
  const isReady = container === running;
  return {
    metadata: {
      uid: name,
      resourceVersion: '1',
      name,
      creationTimestamp: clusterTime(createdAt),
      ownerReferences: [{ kind: 'ReplicaSet', name: replicaSetName(variant) }],
      ...(isDeleted ? { deletionTimestamp: clusterTime(createdAt + 30) } : {}),
    },
    spec: template(variant).spec,
    status: {
      phase: isReady ? 'Running' : 'Pending',
      conditions: podConditions(isReady),
      containerStatuses: [{ name: 'web', restartCount: 0, ...container }],
    },
  };
}

/** A container that is ready: one that only runs is written out. */
export const running: Partial<ContainerStatus> = { state: { running: {} } };

/** A container that waits after a failure. */
export function waiting(reason: string): Partial<ContainerStatus> {
  return { state: { waiting: { reason } } };
}

/** A container that waits after a crash; the run that crashed began at a second. */
export function crashed(restartCount: number, beganAt: number): Partial<ContainerStatus> {
  const terminated = { exitCode: 1, reason: 'Error', startedAt: clusterTime(beganAt) };
  return { restartCount, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated } };
}

/** An Application that is compared with one commit, and whose last operation synced one at a second. */
export function application(
  revision: string,
  operation: { readonly revision: string; readonly at: number; readonly phase?: 'Running' | 'Succeeded' | 'Failed' },
  health: { readonly status: 'Healthy' | 'Progressing' | 'Degraded'; readonly at?: number },
): Application {
  return {
    metadata: { uid: 'application', resourceVersion: '1', name: 'web-staging' },
    status: {
      sync: { status: 'Synced', revision },
      health: {
        status: health.status,
        ...(health.at === undefined ? {} : { lastTransitionTime: clusterTime(health.at) }),
      },
      operationState: {
        phase: operation.phase ?? 'Succeeded',
        startedAt: clusterTime(operation.at),
        syncResult: { revision: operation.revision },
      },
    },
  };
}
