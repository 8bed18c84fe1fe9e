import { connect, type Socket } from 'node:net';

/**
 * Relays one connection to a port of 127.0.0.1, byte for byte and end for end, as a packet filter would: it answers nothing
 * by itself, keeps nothing, and tries nothing twice. What resets one side resets the other; `lost` hears the error code where
 * it was the pod.
 */
export function relay(client: Socket, port: number, lost: (code: string) => void): void {
  const pod = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  pod.once('connect', () => {
    client.pipe(pod);
    pod.pipe(client);
  });
  pod.on('error', (error: NodeJS.ErrnoException) => lost(error.code ?? error.message));
  for (const [one, other] of [
    [client, pod],
    [pod, client],
  ] as const) {
    one.on('error', () => other.resetAndDestroy());
    // Gone without an end in both directions: the other side must not wait for the rest.
    one.on('close', () => {
      if (!other.destroyed) other.destroySoon();
    });
  }
}
