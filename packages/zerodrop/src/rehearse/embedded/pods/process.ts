import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import type { V1Container } from '@kubernetes/client-node';
import type { ContainerStart, FromRunner, ToRunner } from './runner.ts';

/** How a command in a container ended. */
export interface Executed {
  readonly code: number;
  readonly output: string;
}

/** A running container. */
export interface PodProcess {
  /** Its exit code; 128 and the signal's number where a signal ended it. */
  readonly exited: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Runs a hook's or a probe's command in it, until it ends or `cancelled`. */
  execute(argv: readonly string[], cancelled: AbortSignal): Promise<Executed>;
}

/** What is started of a bundle: the service as one JavaScript file, which listens where PORT says. */
export interface BundleStart extends Pick<ContainerStart, 'environment' | 'directory'> {
  readonly bundle: string;
  readonly arguments: readonly string[];
  /** Preloaded: ends the process when ours is gone. */
  readonly tether: string;
  readonly log: string;
}

/** Starts the service's bundle, unmodified, with its output going to a log file. */
export function startBundle(options: BundleStart): PodProcess {
  const { environment: env, directory: cwd } = options;
  const log = openSync(options.log, 'a');
  const child = spawn(process.execPath, ['--require', options.tether, options.bundle, ...options.arguments], {
    cwd,
    env,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return {
    exited: exitCode(child),
    signal: (name) => void child.kill(name),
    async execute([program = '', ...args], signal) {
      const ran = promisify(execFile)(program, args, { cwd, env, signal, killSignal: 'SIGKILL' });
      return ran.then(
        ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
        (error: Error & { code?: unknown; stdout?: string; stderr?: string }) => ({
          code: typeof error.code === 'number' ? error.code : 127,
          output: `${error.stdout ?? ''}${error.stderr ?? ''}` || error.message,
        }),
      );
    },
  };
}

async function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    child.once('error', () => resolve(126));
  });
}

/** How the containers of a pod are kept apart from this machine. */
export interface Isolation {
  /** The options of `unshare` for namespaces of processes and mounts; null where this machine gives none. */
  readonly flags: readonly string[] | null;
  /** Why not, in the machine's words. */
  readonly refused: string | null;
}

/** Finds out whether this machine gives a pod namespaces of its own: Linux does to root, and on most systems to any user. */
export async function findIsolation(isRoot = process.getuid?.() === 0): Promise<Isolation> {
  const flags = [
    ...(isRoot ? [] : ['--user', '--map-root-user']),
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=SIGKILL',
    '--mount-proc',
  ];
  return promisify(execFile)('unshare', [...flags, '--net', 'ip', 'link', 'set', 'lo', 'up'], { timeout: 5_000 }).then(
    () => ({ flags, refused: null }),
    (error: Error & { stderr?: string }) => ({ flags: null, refused: (error.stderr ?? '').trim() || error.message }),
  );
}

/** What a pod is opened with, before any of its containers is started. */
export interface PodStart {
  /** The program that runs in the pod's namespaces and starts its containers. */
  readonly runner: string;
  readonly isolation: Isolation;
  /** The pod's address, where it gets a network of its own. */
  readonly address: string | null;
  readonly log: string;
  /** Called when something listens on a port of the pod. */
  readonly listening: (podPort: number) => void;
}

/** A pod whose containers are commands. */
export interface PodRunner {
  /** Makes a port of the pod reachable at a port of 127.0.0.1. */
  open(podPort: number, port: number): Promise<void>;
  start(container: ContainerStart): PodProcess;
  /** Ends what is left of it at once. */
  end(): void;
}

/** Opens a pod. */
export function openPod({ runner, isolation, address, log: file, listening }: PodStart): PodRunner {
  const log = openSync(file, 'a');
  const own = [process.execPath, runner];
  const [program = '', ...args] =
    isolation.flags === null
      ? own
      : ['unshare', ...isolation.flags, ...(address === null ? [] : ['--net']), '--', ...own];
  const child = spawn(program, args, { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const tell = (message: ToRunner, server?: Server): void => {
    if (child.connected) child.send(message, server, {}, () => server?.close());
  };
  const ended = exitCode(child);
  const exits = new Map<string, (code: number) => void>();
  const answers = new Map<number, (executed: Executed) => void>();
  const over = new AbortController();
  void ended.then(() => over.abort());
  let questions = 0;
  // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
  child.on('message', (message) => {
    const heard = message as FromRunner;
    if (heard.type === 'listening') listening(heard.podPort);
    else if (heard.type === 'exited') exits.get(heard.name)?.(heard.code);
    else if (heard.type === 'executed') answers.get(heard.id)?.(heard);
  });
  tell({ type: 'open', processes: isolation.flags !== null, address });

  return {
    async open(podPort, port) {
      if (address === null)
        return void untilListening(port, over.signal).then((listens) => listens && listening(podPort));
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
      tell({ type: 'relay', podPort }, server);
    },
    start(container) {
      const { name } = container;
      const exited = new Promise<number>((resolve) => exits.set(name, resolve));
      tell({ type: 'start', container });
      return {
        exited: Promise.race([exited, ended]),
        signal: (signal) => tell({ type: 'signal', name, signal }),
        async execute(argv, cancelled) {
          const id = (questions += 1);
          const answered = new Promise<Executed>((resolve) => answers.set(id, resolve));
          cancelled.addEventListener('abort', () => tell({ type: 'cancel', id }), { once: true });
          tell({ type: 'execute', id, name, argv });
          const gone = ended.then((code) => ({ code, output: 'The pod has ended.' }));
          return Promise.race([answered, gone]).finally(() => answers.delete(id));
        },
      };
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** Resolves once something listens on a port of 127.0.0.1; null where it was cancelled before. */
export async function untilListening(port: number, cancelled: AbortSignal): Promise<boolean> {
  while (!cancelled.aborted) {
    const socket = connect({ host: '127.0.0.1', port });
    const answered = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (answered) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Where a program listens when its pod does not say otherwise by PORT: what its image exposes. */
const exposedPort = 8_080;

/** A port that the program of a pod is told to listen on. */
export interface ListeningPort {
  /** The variable that tells it. */
  readonly variable: string;
  /** The port of the pod's address. */
  readonly podPort: number;
}

/**
 * The ports that a container's program is told by variables: PORT, and each variable whose name ends in `_PORT` and whose
 * value is a port that the container declares. The pods of this machine share one address, so each of them has to be told
 * ports of its own, and the declaration tells such a variable from the port of a database.
 */
export function listeningPorts(
  container: Pick<V1Container, 'ports'>,
  variables: ReadonlyMap<string, string>,
): readonly ListeningPort[] {
  const declared = new Set((container.ports ?? []).map(({ containerPort }) => containerPort));
  const named = [...variables]
    .filter(([variable, value]) => variable.endsWith('_PORT') && declared.has(Number(value)))
    .map(([variable, value]) => ({ variable, podPort: Number(value) }));
  return [{ variable: 'PORT', podPort: Number(variables.get('PORT') ?? exposedPort) }, ...named];
}

/**
 * Pods listen below the ephemeral range (from 32768 on Linux, 49152 elsewhere): a port in it may be taken by an outgoing
 * connection in the moment before the pod listens. And below the node ports (from 30000): on a machine with a cluster of its own,
 * kube-proxy would lead them elsewhere.
 */
const range = { from: 20_000, to: 30_000 };

/**
 * Hands out ports of 127.0.0.1 that nothing listens on, in a circle through the whole range. A port comes back late, so that
 * a connection to a pod that is gone is refused, and does not reach the pod that came after it.
 */
export function makePorts(start: number = Math.random()): () => Promise<number> {
  let next = range.from + Math.floor(start * (range.to - range.from));
  return async () => {
    for (let tried = range.from; tried < range.to; tried += 1) {
      const port = next;
      next = next + 1 < range.to ? next + 1 : range.from;
      if (await isFree(port)) return port;
    }
    throw new Error(`No port between ${range.from} and ${range.to} is free for a pod. End what listens there.`);
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await promisify(server.close.bind(server))();
  return free;
}
