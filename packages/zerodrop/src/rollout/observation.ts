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
  | { readonly kind: 'not-run'; readonly object: string };

/** An observation and when it was made, in milliseconds since the epoch. */
export type Observed = Observation & { readonly at: number };

/** Hears what is seen of a cluster, at once and in order. */
export type Observe = (observed: Observed) => void;
