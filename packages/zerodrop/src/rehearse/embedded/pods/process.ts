import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import type { V1Container } from '@kubernetes/client-node';

/** What one pod runs as a process of this machine. */
export interface PodProcessOptions {
  readonly bundle: string;
  readonly arguments: readonly string[];
  /** All of it: nothing of our own environment reaches a pod. */
  readonly environment: Readonly<Record<string, string>>;
  /** Preloaded: ends the process when ours is gone. */
  readonly tether: string;
  readonly log: string;
}

/** A running pod. */
export interface PodProcess {
  /** Its exit code; 128 and the signal's number where a signal ended it, as in a container. */
  readonly exited: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts the service's bundle, unmodified, with its output going to a log file. */
export function startPodProcess(options: PodProcessOptions): PodProcess {
  const log = openSync(options.log, 'a');
  const child = spawn(process.execPath, ['--require', options.tether, options.bundle, ...options.arguments], {
    env: options.environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    child.once('error', () => resolve(126));
  });
  return { exited, signal: (name) => void child.kill(name) };
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
