import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Observed } from '../../rollout/watch.ts';
import type { Given } from '../manifests/needs.ts';
import type { ProxyOptions } from './balancer/proxy.ts';
import type { Endpoint } from './balancer/traffic.ts';
import type { Isolation } from './pods/process.ts';

/** What the containers of a pod run, in the place of their images. */
export interface Commands {
  /** By the name of a container. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** What VERSION says, and `{version}` in a command. */
  readonly version: string;
  readonly given: Given;
  readonly isolation: Isolation;
}

/** What an image runs: the service as one JavaScript file, or commands of this machine. */
export type Program = { readonly bundle: string } | Commands;

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
  /** One folder for each pod. */
  readonly podDirectory: string;
  readonly tether: string;
  readonly runner: string;
}

export type ToCluster =
  | ({ readonly type: 'boot' } & ClusterConfiguration)
  | { readonly type: 'image'; readonly reference: string; readonly program: Program }
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
  /** Without a proxy, connections are handed on as a packet filter does. */
  | { readonly type: 'listen'; readonly port: number; readonly proxy: Omit<ProxyOptions, 'port'> | null }
  | { readonly type: 'endpoints'; readonly applyAt: number; readonly endpoints: readonly Endpoint[] };

export type FromBalancer =
  | { readonly type: 'listening'; readonly port: number }
  /** Which pod each new connection was handed on to, by the port of the client. */
  | { readonly type: 'reached'; readonly connections: readonly { readonly port: number; readonly pod: string }[] }
  /** A connection was lost on the way to this pod; to none where no endpoint was left. */
  | { readonly type: 'stalled'; readonly at: number; readonly ms: number }
  | { readonly type: 'lost'; readonly at: number; readonly pod: string | null; readonly code: string };

/** The process that started this program. */
export interface Parent<Message> {
  tell(message: Message): void;
}

/**
 * Hears the process that started this program, and calls `orphaned` when it is gone: the one way in which a program of the
 * embedded target ends, whether its parent asks for it or dies.
 */
export function connectToParent<Heard, Told>(hear: (message: Heard) => void, orphaned: () => void): Parent<Told> {
  // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
  process.on('message', (message) => hear(message as Heard));
  process.once('disconnect', orphaned);
  return {
    tell(message) {
      // A message to a parent that has just gone is of no use to anybody.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
  };
}

/** A stall shorter than this is a garbage collection or another program's turn. Probes time out after 1,000 ms. */
const stallMs = 200;

/** Tells how long this process did nothing though it had something to do, in milliseconds, where it is a stall. Returns how to end that. */
export function watchStalls(tell: (ms: number) => void): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const looking = setInterval(() => {
    const ms = Math.round(delay.max / 1_000_000);
    delay.reset();
    if (ms > stallMs) tell(ms);
  }, 500);
  looking.unref();
  return () => {
    clearInterval(looking);
    delay.disable();
  };
}
