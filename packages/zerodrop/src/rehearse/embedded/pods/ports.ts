import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import type { V1Container } from '@kubernetes/client-node';

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

/** A probe gives up earlier; this only keeps a hanging pod from collecting requests. */
const giveUpMs = 10_000;

interface Probe {
  readonly method: string;
  readonly url: URL;
  readonly header: Readonly<Record<string, string[]>>;
}

/** Sends a probe of the kubelet to the process of the pod, each on a connection of its own, as a kubelet does. */
export async function probe(
  port: number,
  { method, url, header }: Probe,
): Promise<{ readonly status: number; readonly body: string }> {
  const request = url.protocol === 'https:' ? overTls : overHttp;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: `${url.pathname}${url.search}`,
        headers: header,
        agent: false,
        // A kubelet takes any certificate.
        rejectUnauthorized: false,
        signal: AbortSignal.timeout(giveUpMs),
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
