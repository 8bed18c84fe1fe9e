import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { constants } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Repository } from '../../cluster.ts';
import type { ImageRequest } from '../../kubernetes/build.ts';
import type { ContainerStart, FromRunner, ToRunner } from './runner.ts';
import { listeners, untilListening } from './system.ts';

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

/** An image of the embedded cluster: a bundle, and the reference that stands for it. */
interface Image {
  readonly reference: string;
  readonly bundle: string;
}

/** Where images come from. */
interface ImageFolder {
  readonly build: Repository['build'];
  /** The working copy that is built. */
  readonly directory: string;
  /** The image repository: references start with it. */
  readonly repository: string;
  /** Where the bundles are kept. */
  readonly folder: string;
}

/** Builds the service of a working copy. */
export async function buildImage(
  { build, directory, repository, folder }: ImageFolder,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<Image> {
  const built = path.join(folder, `${request.version}.cjs`);
  await build(request, built, { directory, environment: process.env, signal });
  const reference = pinned(repository, request.version, await readFile(built));
  const bundle = path.join(folder, `${reference.slice(reference.lastIndexOf(':') + 1)}.cjs`);
  await rename(built, bundle);
  return { reference, bundle };
}

/** The digest is that of what runs, as an image's is that of its contents. */
export function pinned(repository: string, version: string, contents: string | Buffer): string {
  return `${repository}:${version}@sha256:${createHash('sha256').update(contents).digest('hex')}`;
}

/** What is started of a bundle: the service as one JavaScript file, which listens where PORT says. */
export interface BundleStart extends Pick<ContainerStart, 'environment' | 'directory'> {
  readonly bundle: string;
  readonly arguments: readonly string[];
  /** Preloaded: ends the process when ours is gone. */
  readonly runner: string;
  readonly log: string;
}

/** Starts the service's bundle, unmodified, with its output going to a log file. */
export function startBundle(options: BundleStart): PodProcess {
  const { environment: env, directory: cwd } = options;
  const log = openSync(options.log, 'a');
  const child = spawn(process.execPath, ['--require', options.runner, options.bundle, ...options.arguments], {
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
  /** Called with a sentence where nothing listens on a port of the pod, but something elsewhere in it. */
  readonly elsewhere: (why: string) => void;
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
export function openPod({ runner, isolation, address, log: file, listening, elsewhere }: PodStart): PodRunner {
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
  const asked = new Set<number>();
  let isReached = false;
  const since = new Map<string, number>();
  const looking = setInterval(() => {
    const why = asked.size === 0 || isReached ? null : lookElsewhere(child.pid ?? 0, asked, since, Date.now());
    if (isReached || over.signal.aborted || why !== null) clearInterval(looking);
    if (why !== null) elsewhere(why);
  }, lookEveryMs).unref();
  // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
  child.on('message', (message) => {
    const heard = message as FromRunner;
    if (heard.type === 'listening') {
      isReached = true;
      listening(heard.podPort);
    }
    if (heard.type === 'exited') exits.get(heard.name)?.(heard.code);
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
      asked.add(podPort);
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

/**
 * A program that listens elsewhere for so long is told of, in milliseconds: a virtual machine may open a port for its management long
 * before its service listens. On the right port of 127.0.0.1 nothing else is to be waited for.
 */
const elsewhereMs = 30_000;
const loopbackMs = 5_000;
const lookEveryMs = 1_000;
/** Why nobody reaches what listens in the network of a process, once it has for long; `since` keeps when each was first seen, in milliseconds. */
export function lookElsewhere(
  processId: number,
  asked: ReadonlySet<number>,
  since: Map<string, number>,
  now: number,
): string | null {
  const found = listeners(processId);
  for (const { port, isLoopback } of found) {
    const name = `${port} ${isLoopback}`;
    const sinceMs = now - (since.get(name) ?? now);
    since.set(name, now - sinceMs);
    if (isLoopback && asked.has(port) && sinceMs > loopbackMs)
      return `The command listens on port ${port} of 127.0.0.1, where nothing outside its pod reaches it. Have it listen on 0.0.0.0.`;
    if (sinceMs > elsewhereMs)
      return `The command does not listen on port ${[...asked].join(' or ')} (it listens on ${[...new Set(found.map((one) => one.port))].join(' and ')}), where the manifests send requests and probes. Have it listen there, by PORT or by {port} in --command, or correct the manifests.`;
  }
  return null;
}
