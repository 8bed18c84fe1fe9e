import type { PodObservation, PodState } from '../observation.ts';
import type { Watched } from './collection.ts';

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
    readonly terminated?: { readonly exitCode: number; readonly reason?: string };
  };
}

/** Reasons to wait that no waiting helps against (kubernetes/pkg/kubelet/images/types.go and container/sync_result.go). */
const hopeless = new Set([
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
  };
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

/** A single crash is not `failed` yet: the kubelet starts the container again at once, and only then begins to wait. */
export function podState(pod: Pod): PodState {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== undefined) return 'terminating';
  if (containersOf(pod).some(isFailing)) return 'failed';
  if (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true) return 'ready';
  return status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true ? 'starting' : 'pending';
}

export function isFailing({ state }: ContainerStatus): boolean {
  return hopeless.has(state?.waiting?.reason ?? '');
}
