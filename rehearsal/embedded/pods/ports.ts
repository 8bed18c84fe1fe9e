import { createServer } from 'node:net';
import { promisify } from 'node:util';

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
