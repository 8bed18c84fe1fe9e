import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { relay } from '../balancer/traffic.ts';
import { childrenOf, memoryOf, type Mount, must, rootWith } from './system.ts';

/** What a container is started with. */
export interface ContainerStart {
  readonly name: string;
  readonly argv: readonly string[];
  /** All of it: nothing of our own environment reaches a container. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its working directory. */
  readonly directory: string;
  readonly mounts: readonly Mount[];
  /** Null for no limit. */
  readonly memoryBytes: number | null;
}

export type ToRunner =
  | {
      readonly type: 'open';
      /** Whether this program is the first of a process namespace, and each container is to be that of its own. */
      readonly processes: boolean;
      /** The address of a network namespace that this program is in; null on this machine's own network. */
      readonly address: string | null;
    }
  /** Comes with a server that listens on this machine's network. */
  | { readonly type: 'relay'; readonly podPort: number }
  | { readonly type: 'start'; readonly container: ContainerStart }
  | { readonly type: 'signal'; readonly name: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly type: 'execute'; readonly id: number; readonly name: string; readonly argv: readonly string[] }
  | { readonly type: 'cancel'; readonly id: number };

export type FromRunner =
  | { readonly type: 'opened' }
  | { readonly type: 'listening'; readonly podPort: number }
  /** `reason` says why we ended it; null where it ended by itself or was told to. */
  | { readonly type: 'exited'; readonly name: string; readonly code: number; readonly reason: string | null }
  | { readonly type: 'executed'; readonly id: number; readonly code: number; readonly output: string };

/** How often a port is tried until something listens, and how often memory is looked at. */
const listenEveryMs = 50;
const memoryEveryMs = 500;
const initEveryMs = 5;

/** A kubelet keeps no more of what a hook or probe prints. */
const keptOutput = 10_240;

interface Running {
  readonly child: ChildProcess;
  readonly start: ContainerStart;
  /** The container's first process, as this program sees it. */
  readonly init: () => number | null;
  wasKilled: boolean;
}

const containers = new Map<string, Running>();
const executing = new Map<number, ChildProcess>();
let isolated: Extract<ToRunner, { type: 'open' }> = { type: 'open', processes: false, address: null };

function tell(message: FromRunner): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function hear(message: ToRunner, server: Server | undefined): void {
  switch (message.type) {
    case 'open':
      isolated = message;
      if (message.address !== null) {
        must('ip', 'link', 'set', 'lo', 'up');
        // A program that listens on 127.0.0.1 alone is out of reach in a pod, too.
        must('ip', 'address', 'add', `${message.address}/32`, 'dev', 'lo');
      }
      return tell({ type: 'opened' });
    case 'relay':
      if (server !== undefined && isolated.address !== null) relayTo(server, isolated.address, message.podPort);
      return;
    case 'start':
      return start(message.container);
    case 'signal':
      return signal(message.name, message.signal);
    case 'execute':
      return void execute(message.id, message.name, message.argv);
    default:
      executing.get(message.id)?.kill('SIGKILL');
  }
}

function relayTo(server: Server, address: string, podPort: number): void {
  // A server that came over the channel has forgotten what it was made with.
  Object.assign(server, { allowHalfOpen: true, noDelay: true });
  server.on('connection', (client) => relay(client, { host: address, port: podPort }, () => undefined));
  awaitListener(address, podPort);
}

function awaitListener(host: string, podPort: number): void {
  const socket = connect({ host, port: podPort });
  socket.once('connect', () => {
    socket.destroy();
    tell({ type: 'listening', podPort });
  });
  socket.once('error', () => setTimeout(() => awaitListener(host, podPort), listenEveryMs));
}

function start(container: ContainerStart): void {
  const { name, argv, environment, directory } = container;
  const root = container.mounts.length === 0 ? null : rootWith(container);
  const [program = '', ...args] = isolated.processes
    ? [
        'unshare',
        '--pid',
        '--fork',
        '--kill-child=SIGKILL',
        '--mount-proc',
        ...(root === null ? [] : [`--root=${root}`, `--wd=${directory}`]),
        '--',
        ...argv,
      ]
    : argv;
  const child = spawn(program, args, {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, where no namespace holds together what it starts.
    detached: !isolated.processes,
  });
  const running: Running = { child, start: container, init: () => initOf(child.pid), wasKilled: false };
  containers.set(name, running);
  let reason: string | null = null;
  const watching =
    container.memoryBytes === null || !existsSync('/proc/self/smaps_rollup')
      ? undefined
      : setInterval(() => {
          const used = memoryOf(running.init());
          if (used <= (container.memoryBytes ?? Infinity)) return;
          reason = `OOMKilled: it used ${Math.round(used / 2 ** 20)} MiB, and its limit is ${Math.round((container.memoryBytes ?? 0) / 2 ** 20)} MiB.`;
          signal(name, 'SIGKILL');
        }, memoryEveryMs);
  const ended = (code: number): void => {
    clearInterval(watching);
    if (containers.get(name) !== running) return;
    containers.delete(name);
    if (!isolated.processes) killGroup(child.pid);
    // `unshare` can't end by the signal that ended its child, where that is SIGKILL.
    tell({ type: 'exited', name, code: running.wasKilled ? 128 + constants.signals.SIGKILL : code, reason });
  };
  child.once('exit', (code, by) => ended(code ?? 128 + (by === null ? 0 : constants.signals[by])));
  child.once('error', (error) => {
    process.stderr.write(`${argv[0]} can't be started: ${error.message}\n`);
    ended(127);
  });
}

function signal(name: string, which: 'SIGTERM' | 'SIGKILL'): void {
  const running = containers.get(name);
  if (running === undefined) return;
  const init = running.init();
  running.wasKilled ||= which === 'SIGKILL';
  // As the first process of its namespace it does not get a signal that it has no handler for: so it is in a container.
  if (init !== null) killQuietly(init, which);
  else running.child.kill(which);
  if (which === 'SIGKILL' && !isolated.processes) killGroup(running.child.pid);
}

/** Runs a hook's or a probe's command in a container. */
async function execute(id: number, name: string, argv: readonly string[]): Promise<void> {
  const running = containers.get(name);
  const init = running === undefined ? null : await initWhileRunning(running);
  if (running === undefined || init === null) {
    return tell({ type: 'executed', id, code: 126, output: 'The container does not run.' });
  }
  const [program = '', ...args] = isolated.processes
    ? ['nsenter', `--target=${init}`, '--pid', '--mount', '--root', '--wd', '--', ...argv]
    : argv;
  const { environment: env, directory: cwd } = running.start;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  executing.set(id, child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, keptOutput)));
  }
  const ended = (code: number, words = output): void => {
    if (executing.delete(id)) tell({ type: 'executed', id, code, output: words });
  };
  child.once('close', (code, by) => ended(code ?? 128 + (by === null ? 0 : constants.signals[by])));
  child.once('error', (error) => ended(127, `${argv[0]}: ${error.message}`));
}

/** The process that `unshare` has started, which is the first of its namespace; the child itself without one. */
function initOf(child: number | undefined): number | null {
  if (child === undefined) return null;
  return isolated.processes ? (childrenOf(child)[0] ?? null) : child;
}

/** The same, once it is there: `unshare` has just been started. Null where the container has ended. */
async function initWhileRunning(running: Running): Promise<number | null> {
  while (containers.get(running.start.name) === running) {
    const init = running.init();
    if (init !== null) return init;
    await pause(initEveryMs);
  }
  return null;
}

function killGroup(leader: number | undefined): void {
  if (leader !== undefined) killQuietly(-leader, 'SIGKILL');
}

function killQuietly(processId: number, which: NodeJS.Signals): void {
  try {
    process.kill(processId, which);
  } catch {
    // It is gone.
  }
}

/** Preloaded into a bundle, which is a program of Node.js itself: ends it when the cluster that started it is gone, however that ended. */
function tether(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The service decides when it is done; its channel to the cluster must not keep it alive.
  process.channel?.unref();
}

/** Runs a pod. Nothing of it outlives the cluster that started it. */
function runPod(): void {
  process.on('message', hear);
  process.once('disconnect', () => {
    for (const name of containers.keys()) signal(name, 'SIGKILL');
    process.exit();
  });
}

if (process.argv[1] === __filename) runPod();
else tether();
