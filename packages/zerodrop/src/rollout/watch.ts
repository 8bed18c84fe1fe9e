/** What a target tells of its cluster, in one shape for the embedded and for a real one. */

/** `starting`: its process runs and it is not ready. `failed`: it crashes, or its image can't be pulled, at this moment. */
export type PodState = 'pending' | 'starting' | 'ready' | 'terminating' | 'failed';

export interface PodObservation {
  readonly name: string;
  readonly replicaSet: string;
  /** The pinned reference in the pod's spec. */
  readonly image: string;
  readonly state: PodState;
  /** How often its containers were started again. */
  readonly restarts?: number;
  /** When it was created, in milliseconds since the epoch by the cluster's clock. */
  readonly createdAt?: number | undefined;
  /** When the newest of its containers' runs that have ended began, by the same clock; absent where none has ended. */
  readonly endedRunBeganAt?: number | undefined;
  /** Why the first of its containers that fail waits, in the kubelet's word; absent where none fails. */
  readonly failure?: string | undefined;
}

/** A Deployment as its ReplicaSets show it. */
export interface DeploymentObservation {
  readonly image: string;
  /** The ReplicaSet of the present template; null where the controller has not made it yet. */
  readonly replicaSet: string | null;
  /** The replicas asked for, by git or by an autoscaler. */
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** The controller has seen the newest spec, and no ReplicaSet but the newest has pods. */
  readonly settled: boolean;
  /** Its controller has given up: `ProgressDeadlineExceeded`, with the controller's words where it has some. */
  readonly failure: string | null;
  /** When it gave up, in milliseconds since the epoch by the cluster's clock. */
  readonly failedAt?: number | undefined;
  /** Why nothing moves although nothing fails: it is paused, or its pods are refused, by a quota for instance. */
  readonly hindrance?: string | undefined;
}

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';

/** The part of an Argo CD Application's status that says where a commit stands. */
export interface ApplicationObservation {
  readonly sync: SyncStatus;
  readonly health: HealthStatus;
  /** Since when `health` is what it is, in milliseconds since the epoch by the cluster's clock. */
  readonly healthSince?: number | undefined;
  /** The commit that `sync` is about: `status.sync.revision`. */
  readonly revision: string | null;
  /** An operation is asked for and not yet taken up: `.operation` is set. */
  readonly pending: boolean;
  readonly phase: OperationPhase | null;
  /** The commit that `phase` is about: `status.operationState.syncResult.revision`. */
  readonly phaseRevision: string | null;
  /** When the operation of `phase` began, by the same clock as `healthSince`. */
  readonly phaseStartedAt?: number | undefined;
  readonly message: string | null;
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
}

export type Observation =
  | { readonly kind: 'pods'; readonly pods: readonly PodObservation[] }
  | { readonly kind: 'endpoints'; readonly ready: readonly string[] }
  | ({ readonly kind: 'deployment' } & DeploymentObservation)
  | ({ readonly kind: 'application' } & ApplicationObservation)
  /** A warning of the cluster: what it is about, its reason, and its words. */
  | { readonly kind: 'warning'; readonly object: string; readonly reason: string; readonly message: string }
  /** A kind that the target stores and can't run. */
  | { readonly kind: 'not-run'; readonly object: string }
  /** The program of a pod listens on a port, so long after it was started. */
  | { readonly kind: 'listening'; readonly pod: string; readonly port: number; readonly afterMs: number }
  /** A part of a rehearsal did nothing for a while, because its machine was busy. */
  | { readonly kind: 'stalled'; readonly part: string; readonly ms: number };

/** An observation and when it was made, in milliseconds since the epoch. */
export type Observed = Observation & { readonly at: number };

/** Hears what is seen of a cluster, at once and in order. */
export type Observe = (observed: Observed) => void;

/** What was last seen of everything that a rollout is judged by. */
export interface RolloutState {
  readonly application: ApplicationObservation | null;
  readonly deployment: DeploymentObservation | null;
  readonly pods: readonly PodObservation[];
}

const nothingSeen: RolloutState = { application: null, deployment: null, pods: [] };

/** The state after one more observation. */
function observe(state: RolloutState, seen: Observation): RolloutState {
  switch (seen.kind) {
    case 'application':
      return { ...state, application: seen };
    case 'deployment':
      return { ...state, deployment: seen };
    case 'pods':
      return { ...state, pods: seen.pods };
    default:
      return state;
  }
}

/** Everything that was seen, and a way to wait for more. */
export interface Watch {
  readonly observed: readonly Observed[];
  state(): RolloutState;
  see(observed: Observed): void;
  /**
   * Waits until `decide` makes something of what stands, and returns that with the time of the observation that did it.
   * Returns null after `withinMs`; throws when interrupted, or when `givenUp` says so.
   */
  until<T>(
    decide: (state: RolloutState) => T | null,
    withinMs: number,
    givenUp?: AbortSignal,
  ): Promise<Decided<T> | null>;
}

export interface Decided<T> {
  readonly value: T;
  readonly at: number;
}

/** Starts an empty watch that ends its waits when the signal says so. */
export function makeWatch(signal: AbortSignal): Watch {
  const observed: Observed[] = [];
  const waiting = new Set<(at: number) => void>();
  let state = nothingSeen;
  return {
    observed,
    state: () => state,
    see(seen) {
      observed.push(seen);
      state = observe(state, seen);
      for (const look of waiting) look(seen.at);
    },
    async until(decide, withinMs, givenUp = signal) {
      const ended = AbortSignal.any([signal, givenUp]);
      ended.throwIfAborted();
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(look);
          clearTimeout(timer);
          ended.removeEventListener('abort', interrupted);
        };
        const interrupted = (): void => {
          leave();
          reject(ended.reason);
        };
        const look = (at: number): void => {
          const value = decide(state);
          if (value === null) return;
          leave();
          resolve({ value, at });
        };
        const timer = setTimeout(() => {
          leave();
          resolve(null);
        }, withinMs);
        ended.addEventListener('abort', interrupted);
        waiting.add(look);
        look(Date.now());
      });
    },
  };
}

/** What is waited for: a commit, and the image that it brings. */
export interface Awaited {
  readonly commit: string;
  /** Null for whichever the Deployment has, once Argo CD has synced the commit. */
  readonly image: string | null;
  /** The ReplicaSet that stood before: where the commit brings no other image, its pods are told by another one. */
  readonly notReplicaSet?: string | null | undefined;
  /** How many replicas the commit asks for; any unless said. */
  readonly replicas?: number | undefined;
  /** The one object that is looked at; both the Application and the Deployment unless said. */
  readonly only?: 'application' | 'deployment' | undefined;
}

/** Argo CD has compared the cluster with this commit and found no difference left. */
export function isSynced({ application }: RolloutState, { commit }: Awaited): boolean {
  return application?.sync === 'Synced' && application.revision === commit;
}

/**
 * The rollout is complete: every replica is new and available.
 *
 * Healthy alone is not enough, nor is Succeeded: both occur early, about the commit before. Measured on Argo CD 3.6.1.
 */
export function isComplete(state: RolloutState, awaited: Awaited): boolean {
  const { application, deployment } = state;
  const isApplied = awaited.only === 'deployment' || (application !== null && isSettled(application, awaited));
  return isApplied && (awaited.only === 'application' || (deployment !== null && isReplaced(deployment, awaited)));
}

function isSettled(application: ApplicationObservation, { commit }: Awaited): boolean {
  return (
    application.sync === 'Synced' &&
    application.revision === commit &&
    application.health === 'Healthy' &&
    !application.pending &&
    application.phase !== 'Running' &&
    !application.conditions.some(({ type }) => type.endsWith('Error'))
  );
}

/** No pod of another image or template is left, not even one that is still draining. */
export function isLastOldPodGone({ pods }: RolloutState, awaited: Awaited): boolean {
  // A Deployment and its pods are told of apart: one that is scaled down is so before a pod of it is seen to go.
  const isWhole = awaited.replicas === undefined || pods.length === awaited.replicas;
  return isWhole && pods.every((pod) => isNew(pod, awaited) && pod.state !== 'terminating');
}

/** Whether a pod is of what is waited for, by its image, and by its ReplicaSet where another template has the same image. */
export function isNew(pod: PodObservation, awaited: Awaited): boolean {
  return isImage(pod, awaited) && pod.replicaSet !== awaited.notReplicaSet;
}

/** Whether a Deployment has the template that is waited for, and its ReplicaSet is made where only that tells. */
export function hasTemplate({ image, replicaSet }: DeploymentObservation, awaited: Awaited): boolean {
  const isOther = awaited.notReplicaSet === undefined || ![null, awaited.notReplicaSet].includes(replicaSet);
  return isImage({ image }, awaited) && isOther;
}

/** Whether a Deployment or a pod has the image that is waited for. */
export function isImage({ image }: { readonly image: string }, awaited: Pick<Awaited, 'image'>): boolean {
  return awaited.image === null || image === awaited.image;
}

function isReplaced(deployment: DeploymentObservation, awaited: Awaited): boolean {
  const { replicas, updated, ready, available } = deployment;
  const isAsked = awaited.replicas === undefined || replicas === awaited.replicas;
  const isWhole = deployment.settled && [updated, ready, available].every((n) => n === replicas);
  return hasTemplate(deployment, awaited) && isAsked && isWhole;
}
