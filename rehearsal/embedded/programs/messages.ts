import type { Observed } from 'zerodrop/rollout';
import type { Endpoint } from '../balancer/endpoints.ts';

/** What the program of the cluster is started with. */
export interface ClusterConfiguration {
  /** Where the sync agent looks for new commits on main. */
  readonly remote: string;
  /** The folder of Argo CD's Applications. */
  readonly applications: string;
  /** The Application whose status, Deployment and pods are told of. */
  readonly application: string;
  /** Of the agent: what it fetched. */
  readonly checkoutDirectory: string;
  /** One log file for each pod. */
  readonly logDirectory: string;
  readonly tether: string;
}

export type ToCluster =
  | ({ readonly type: 'boot' } & ClusterConfiguration)
  | { readonly type: 'image'; readonly reference: string; readonly bundle: string }
  | { readonly type: 'validated'; readonly id: number; readonly problems: readonly string[] }
  | { readonly type: 'follow' }
  | { readonly type: 'refresh' };

export type FromCluster =
  | { readonly type: 'booted' }
  | { readonly type: 'observed'; readonly observed: Observed }
  /** Asks what a real API server has against an object. */
  | { readonly type: 'validate'; readonly id: number; readonly object: object }
  | { readonly type: 'endpoints'; readonly at: number; readonly endpoints: readonly Endpoint[] };

export type ToBalancer =
  | { readonly type: 'listen'; readonly port: number }
  | { readonly type: 'endpoints'; readonly applyAt: number; readonly endpoints: readonly Endpoint[] };

export type FromBalancer =
  | { readonly type: 'listening'; readonly port: number }
  /** A connection was lost on the way to this pod; to none where no endpoint was left. */
  | { readonly type: 'lost'; readonly at: number; readonly pod: string | null; readonly code: string };
