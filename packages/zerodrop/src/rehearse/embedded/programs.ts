import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Observed } from '../../rollout/watch.ts';
import type { Given } from '../manifests/needs.ts';
import type { Endpoint, ProxyOptions } from './balancer/traffic.ts';
import type { Isolation } from './pods/process.ts';

/** A program of the embedded target, running as a process of its own. */
export interface Program<Told, Heard> {
  tell(message: Told): void;
  /** Calls `listen` with every message. */
  hear(listen: (message: Heard) => void): void;
  /** Rejects when the program ends, with its last words; a program only ends by itself when something went wrong. */
  readonly failed: Promise<never>;
  /** Asks it to end, waits that long, and then kills it and all that it started. */
  end(withinMs?: number): Promise<void>;
}

/** Starts the program `name` of a folder; what it prints goes to a log beside it. */
export function startProgram<Told extends object, Heard>(folder: string, name: string): Program<Told, Heard> {
  const log = path.join(folder, `${name}.log`);
  const output = openSync(log, 'w');
  // In a group of its own: Ctrl-C in a terminal reaches us alone, and we decide what ends when.
  const child = fork(path.join(folder, `${name}.cjs`), [], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  let ending = false;
  const failed = exited.then(async (how): Promise<never> => {
    // Never settles: nobody is to hear of an end that was asked for.
    if (ending) return new Promise(() => undefined);
    const words = (await readFile(log, 'utf8')).trim().split('\n').slice(-20).join('\n');
    throw new Error(`The ${name} of the embedded target ended by itself (${how}). Its last words:\n${words}`);
  });
  failed.catch(() => undefined);
  return {
    failed,
    tell(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    hear(listen) {
      // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
      child.on('message', (message) => listen(message as Heard));
    },
    // Time enough for a program to see its own children end.
    async end(withinMs = 3_000) {
      ending = true;
      if (child.connected) child.disconnect();
      await Promise.race([exited, pause(withinMs, undefined, { ref: false })]);
      killGroup(child.pid);
      await exited;
    },
  };
}

/** Kills what is left of a program and of what it started. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

/**
 * Puts the embedded cluster's programs into a folder, as `cluster.cjs`, `balancer.cjs` and `runner.cjs`: those that the package was built with, or
 * in a clone their sources as they are now.
 */
export async function preparePrograms(folder: string): Promise<void> {
  if (import.meta.url.endsWith('.ts')) {
    await bundlePrograms(folder);
    return;
  }
  const built = fileURLToPath(new URL('programs/', import.meta.url));
  await cp(built, folder, { recursive: true });
}

/** What the containers of a pod run, in the place of their images. */
export interface Commands {
  /** By the name of a container. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** What VERSION says, and `{version}` in a command. */
  readonly version: string;
  readonly given: Given;
  /** The folder of this machine that the commands are in: no volume hides it. */
  readonly folder?: string | undefined;
  readonly isolation: Isolation;
}

/** What an image runs: the service as one JavaScript file, or commands of this machine. */
export type PodProgram = { readonly bundle: string } | Commands;

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
  readonly runner: string;
}

export type ToCluster =
  | ({ readonly type: 'boot' } & ClusterConfiguration)
  | { readonly type: 'image'; readonly reference: string; readonly program: PodProgram }
  | { readonly type: 'validated'; readonly id: number; readonly problems: readonly string[] }
  | { readonly type: 'follow' }
  | { readonly type: 'refresh' }
  | { readonly type: 'scale'; readonly replicas: number }
  | { readonly type: 'kill'; readonly pod: string }
  /** Asks for the eviction of a pod, as the drain of a node does. */
  | { readonly type: 'evict'; readonly id: number; readonly pod: string }
  /** The sync agent is away: it looks at nothing until it is back. */
  | { readonly type: 'agent'; readonly isAway: boolean };

export type FromCluster =
  | { readonly type: 'booted' }
  | { readonly type: 'observed'; readonly observed: Observed }
  /** No pod will answer, and why. */
  | { readonly type: 'unstartable'; readonly why: string }
  /** Asks what a real API server has against an object. */
  | { readonly type: 'validate'; readonly id: number; readonly object: object }
  | { readonly type: 'evicted'; readonly id: number; readonly isGranted: boolean }
  | { readonly type: 'endpoints'; readonly at: number; readonly endpoints: readonly Endpoint[] };

export type ToBalancer =
  /** Without a proxy, connections are handed on as a packet filter does. */
  | { readonly type: 'listen'; readonly port: number; readonly proxy: Omit<ProxyOptions, 'port'> | null }
  | { readonly type: 'endpoints'; readonly applyAt: number; readonly endpoints: readonly Endpoint[] };

/** A connection that was handed on to a pod. */
export interface Reached {
  /** The client's. */
  readonly port: number;
  readonly pod: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type FromBalancer =
  | { readonly type: 'listening'; readonly port: number }
  /** Which pod each new connection was handed on to, by the port of the client. */
  | { readonly type: 'reached'; readonly connections: readonly Reached[] }
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

/**
 * Bundles the programs of the embedded cluster into a folder. They can't run from their sources, nor as they are compiled: webernetes
 * imports folders, which Node does not resolve. Takes a tenth of a second and leaves no process behind. Returns the files that went in.
 */
export async function bundlePrograms(folder: string, minify = false): Promise<readonly string[]> {
  // Only here: the package as it is installed has no bundler, and needs none.
  const { buildSync } = await import('esbuild');
  const { metafile } = buildSync({
    entryPoints: {
      cluster: fileURLToPath(new URL('control-plane/main.ts', import.meta.url)),
      balancer: fileURLToPath(new URL('balancer/main.ts', import.meta.url)),
      runner: fileURLToPath(new URL('pods/runner.ts', import.meta.url)),
    },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify,
    // Last words of a program name its functions.
    keepNames: minify,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['esbuild'],
    metafile: true,
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
}
