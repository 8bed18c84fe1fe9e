/** One pod behind the service, as its EndpointSlice tells of it. */
export interface Endpoint {
  readonly pod: string;
  /** The port of 127.0.0.1 that stands for it; null where nothing listens on the port that the Service names. */
  readonly port: number | null;
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
