/** What a target tells of its cluster, in one shape for the embedded and for a real one. */

/** `starting`: its process runs and it is not ready. `failed`: it crashed, or its image can't be had. */
export type PodState = 'pending' | 'starting' | 'ready' | 'terminating' | 'failed';

export interface PodObservation {
  readonly name: string;
  readonly replicaSet: string;
  /** The pinned reference in the pod's spec. */
  readonly image: string;
  readonly state: PodState;
}

/** A Deployment as its ReplicaSets show it. */
export interface DeploymentObservation {
  readonly image: string;
  /** The replicas asked for. */
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** The controller has seen the newest spec, and no ReplicaSet but the newest has pods. */
  readonly settled: boolean;
  /** The reason of a condition that ends the hope, such as `ProgressDeadlineExceeded`. */
  readonly failure: string | null;
}

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';

/** The part of an Argo CD Application's status that says where a commit stands. */
export interface ApplicationObservation {
  readonly sync: SyncStatus;
  readonly health: HealthStatus;
  /** The commit that `sync` is about: `status.sync.revision`. */
  readonly revision: string | null;
  /** An operation is asked for and not yet taken up: `.operation` is set. */
  readonly pending: boolean;
  readonly phase: OperationPhase | null;
  /** The commit that `phase` is about: `status.operationState.syncResult.revision`. */
  readonly phaseRevision: string | null;
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
