import type { GoogleSettings } from './google.ts';

/** How requests reach the service from outside. `gateway` is the name kept for a Google L7 load balancer. */
export type Exposure = 'load-balancer' | 'node-port' | 'cluster-ip';

/** Rollout values taken as they stand, past every check: a rehearsal's way to show what they would lose. */
export interface UncheckedRollout {
  /** Why nobody should copy this; it goes into the rendered files. */
  readonly because: string;
  readonly maxSurge?: number;
  readonly maxUnavailable?: number;
  readonly minReadySeconds?: number;
  readonly drainSeconds?: number;
  /** `liveness-only` leaves out the readiness and the startup probe. */
  readonly probes?: 'all' | 'liveness-only';
}

/** One environment: a namespace, and a folder of manifests that one Argo CD application follows. */
export interface EnvironmentSettings {
  readonly namespace: string;
  readonly replicas: number;
  readonly exposure: Exposure;
  /** Pods started beyond `replicas` while rolling; 1 unless said. More is faster and needs more room on the nodes. */
  readonly maxSurge?: number;
  /** Where a load balancer sends its traffic; `Local` keeps the client's address and learns of a gone pod later. */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** How long a gone endpoint goes on being used, where it was measured to be longer than the exposure's usual time. */
  readonly endpointLagSeconds?: number;
  /** Where clients reach it, such as https://staging.example.com: asked at `/version` when a release is verified. */
  readonly url?: string;
  /** Revert a release automatically when `verify` sees it fail. */
  readonly autoRollback?: boolean;
  readonly unchecked?: UncheckedRollout;
}

/** Everything that one owner of a clone decides. */
export interface Settings {
  /** The service's name: of its Deployment, its Service and its label `app.kubernetes.io/name`. */
  readonly service: string;
  /** The repository that Argo CD reads, as Argo CD should reach it. */
  readonly repository: string;
  /** The image repository, without tag or digest. */
  readonly image: string;
  /** In the order in which a release is promoted. */
  readonly environments: Readonly<Record<string, EnvironmentSettings>>;
  readonly google: GoogleSettings;
}
