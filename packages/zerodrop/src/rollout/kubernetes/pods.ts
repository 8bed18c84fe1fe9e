import type { PodObservation, PodState } from '../watch.ts';
import type { Watched } from './collection.ts';
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
export function serviceImage(
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
