import { isDeepStrictEqual } from 'node:util';
import type { DeploymentObservation, PodObservation, PodState } from '../watch.ts';
import type { Watched } from './api.ts';
import { milliseconds } from './objects.ts';

/** The part of a Pod that is read. */
export interface Pod extends Watched {
  readonly metadata: Watched['metadata'] & {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    /** Of the pod itself, where the kubelet has refused or evicted it. */
    readonly reason?: string;
    readonly message?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: EndedRun;
  };
  /** The run before the present one. */
  readonly lastState?: { readonly terminated?: EndedRun };
}

interface EndedRun {
  readonly exitCode: number;
  readonly reason?: string;
  readonly startedAt?: string | null;
}

/** Reasons to wait after a failure (kubernetes/pkg/kubelet/images/types.go and container/sync_result.go). The kubelet tries again. */
const failures = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** How a rollout of a service sees a pod. */
export function podObservation(pod: Pod, service: string): PodObservation {
  return {
    name: pod.metadata.name,
    replicaSet: pod.metadata.ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name ?? '',
    image: serviceImage(pod.spec.containers, service),
    state: podState(pod),
    restarts: containersOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0),
    createdAt: milliseconds(pod.metadata.creationTimestamp),
    endedRunBeganAt: endedRunBeganAt(pod),
    failure: containersOf(pod).find(isFailing)?.state?.waiting?.reason,
  };
}

function endedRunBeganAt(pod: Pod): number | undefined {
  const began = containersOf(pod)
    .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    .map((run) => milliseconds(run?.startedAt))
    .filter((at) => at !== undefined);
  return began.length === 0 ? undefined : Math.max(...began);
}

/** The image of the container that is called like its service: what a mesh injects may stand before it. */
function serviceImage(
  containers: readonly { readonly name: string; readonly image: string }[],
  service: string,
): string {
  return (containers.find(({ name }) => name === service) ?? containers[0])?.image ?? '';
}

/** All containers of a pod: one that only prepares can fail it, too. */
export function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/**
 * The pod is the record of one that was evicted, preempted or shut down with its node: its containers would be started again for
 * ever if they had crashed. It serves nobody, takes nobody's place, and stays until it is collected.
 */
export function isOver({ metadata, status }: Pod): boolean {
  return status?.phase === 'Failed' && metadata.deletionTimestamp === undefined;
}

export function podState(pod: Pod): PodState {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== undefined) return 'terminating';
  if (containersOf(pod).some(isFailing)) return 'failed';
  if (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true) return 'ready';
  return status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true ? 'starting' : 'pending';
}

/** From how many restarts on a crash is a loop. The first restart is immediate, and the second often finds what it needs. */
const loopRestarts = 2;

/** The container waits after a failure that counts: a crash that is no loop yet does not. */
function isFailing(container: ContainerStatus): boolean {
  const isLoop = container.restartCount >= loopRestarts;
  return hasFailed(container) && (isLoop || container.state?.waiting?.reason !== 'CrashLoopBackOff');
}

/** The container waits after a failure, be it the first. */
export function hasFailed({ state }: ContainerStatus): boolean {
  return failures.has(state?.waiting?.reason ?? '');
}

/** The part of a Deployment that is read. */
export interface Deployment extends Watched {
  readonly metadata: Watched['metadata'] & { readonly name: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly template: Template;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
      readonly lastUpdateTime?: string;
    }[];
  };
}

/** The part of a ReplicaSet that is read. */
export interface ReplicaSet extends Watched {
  readonly metadata: Watched['metadata'] & {
    readonly name: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec: { readonly template?: Template };
}

interface Template {
  readonly metadata?: { readonly labels?: { readonly [label: string]: string } };
  readonly spec: { readonly containers: Pod['spec']['containers'] };
}

/** How a rollout sees a Deployment with its ReplicaSets: the rules of `kubectl rollout status`. */
export function deploymentObservation(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): DeploymentObservation {
  const { metadata, spec, status } = deployment;
  const deadline = seenCondition(deployment, ({ reason }) => reason === 'ProgressDeadlineExceeded');
  const updated = status?.updatedReplicas ?? 0;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    image: serviceImage(spec.template.spec.containers, metadata.name),
    replicaSet: replicaSetsOf(deployment, replicaSets).newest?.metadata.name ?? null,
    replicas: spec.replicas ?? 1,
    updated,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    settled: seen && (status?.replicas ?? 0) === updated,
    failure: deadline === undefined ? null : words(deadline),
    failedAt: milliseconds(deadline?.lastUpdateTime),
    hindrance: hindrance(deployment),
  };
}

type Condition = NonNullable<NonNullable<Deployment['status']>['conditions']>[number];

/** A condition that is about the present spec: what an earlier one was told does not count against it. */
function seenCondition(
  { metadata, status }: Deployment,
  isMeant: (condition: Condition) => boolean,
): Condition | undefined {
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return seen ? status?.conditions?.find(isMeant) : undefined;
}

function hindrance(deployment: Deployment): string | undefined {
  if (deployment.spec.paused === true) return 'The Deployment is paused (spec.paused)';
  const refused = seenCondition(deployment, ({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return refused === undefined ? undefined : `Kubernetes refuses its pods: ${words(refused)}`;
}

function words({ reason = 'unknown', message }: Condition): string {
  return message === undefined ? reason : `${reason}: ${message.replace(/\.$/, '')}`;
}

/** The part of a ReplicaSet, and of the Deployment that owns it, by which they are told apart. */
export interface Templated {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec?: { readonly template?: CopiedTemplate };
}

interface CopiedTemplate {
  readonly metadata?: { readonly labels?: { readonly [label: string]: string } };
}

/** The ReplicaSets of a Deployment: the one of its present template, if its controller has made it, and the others. */
export function replicaSetsOf<T extends Templated>(
  deployment: Templated,
  replicaSets: readonly T[],
): { readonly newest: T | undefined; readonly others: readonly T[] } {
  const uid = deployment.metadata?.uid;
  const own = replicaSets.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid));
  // Not by the revision annotation: the controller may have observed a template for which it makes a ReplicaSet only later,
  // because it is paused, or scales first.
  const newest = own.find(({ spec }) => isSameTemplate(spec?.template, deployment.spec?.template));
  return { newest, others: own.filter((set) => set !== newest) };
}

/** The controller adds one label, the hash of the template, to what it copies into a ReplicaSet. */
function isSameTemplate(copied: CopiedTemplate | undefined, asked: CopiedTemplate | undefined): boolean {
  return isDeepStrictEqual(withoutHash(copied), withoutHash(asked));
}

function withoutHash(template: CopiedTemplate | undefined): CopiedTemplate {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}
