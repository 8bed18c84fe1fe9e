import { connect, type Socket } from 'node:net';
import type { Observation } from '../../../rollout/watch.ts';

/** One pod behind the service, as its EndpointSlice tells of it. */
export interface Endpoint {
  readonly pod: string;
  /** Its address; 127.0.0.1 unless said. */
  readonly host?: string;
  /** The port of its address that stands for it; null where nothing listens on the port that the Service names. */
  readonly port: number | null;
  /** The one that stands for the port of a load balancer's health check; null where that is the port above. */
  readonly healthPort: number | null;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/**
 * The endpoints that take new connections: those that are ready; where none is, those that still serve while they terminate
 * (kube-proxy, KEP-1669).
 */
export function eligible(endpoints: readonly Endpoint[]): Endpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : endpoints.filter(({ serving, terminating }) => serving && terminating);
}

/** Picks one as kube-proxy's iptables rules do: at random, each with the same probability. */
export function choose(endpoints: readonly Endpoint[], random: number): Endpoint | null {
  const candidates = eligible(endpoints);
  return candidates[Math.floor(random * candidates.length)] ?? null;
}

/** Hands on each value at its time, and none after a newer one. */
export function inTime<T>(handOn: (value: T) => void): (value: T, at: number) => void {
  let newest = Number.NEGATIVE_INFINITY;
  return (value, at) => {
    setTimeout(() => {
      // Timers that are overdue together may fire in any order: what is older must not come last.
      if (at < newest) return;
      newest = at;
      handOn(value);
    }, at - Date.now());
  };
}

/**
 * Relays one connection to a port, byte for byte and end for end, as a packet filter would: it answers nothing
 * by itself, keeps nothing, and tries nothing twice. What resets one side resets the other; `lost` hears the error code where
 * it was the pod.
 */
export function relay(
  client: Socket,
  { host = '127.0.0.1', port }: { readonly host?: string; readonly port: number },
  lost: (code: string) => void,
): void {
  const pod = connect({ host, port, allowHalfOpen: true, noDelay: true });
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

/** What is said of the first connection that the balancer loses to a pod: `pod` is null where no endpoint was left. */
export function lostConnection(pod: string | null, code: string): Observation {
  if (pod === null) {
    const message = 'A connection was reset: no pod was left to send it to.';
    return { kind: 'warning', object: 'Service', reason: 'NoEndpoint', message };
  }
  const refused = 'It refused a connection while the balancer still knew it as an endpoint.';
  const broken = `It broke a connection (${code}).`;
  return {
    kind: 'warning',
    object: `Pod/${pod}`,
    reason: 'LostConnection',
    message: code === 'ECONNREFUSED' ? refused : broken,
  };
}
