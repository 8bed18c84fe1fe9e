import { isIPv6 } from 'node:net';

/** The part of a Service that says where it is reached. */
export interface ReachedService {
  readonly spec: {
    readonly type?: string;
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

/** The part of a Node that says where it is reached. */
export interface ReachedNode {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * Where a Service may be reached from outside, best first: its load balancer, else its port on each ready node, at the
 * addresses for outsiders before those for insiders. Which of them this machine reaches is for trying out.
 */
export function addresses(service: ReachedService, nodes: readonly ReachedNode[]): string[] {
  const [port] = service.spec.ports ?? [];
  if (port === undefined) return [];
  if (isBalanced(service)) {
    return (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => url(ip ?? hostname, port.port));
  }
  const ready = nodes.filter(({ status }) => status?.conditions?.some(isReady) === true);
  return ['ExternalIP', 'InternalIP'].flatMap((wanted) =>
    ready
      .flatMap(({ status }) => status?.addresses ?? [])
      .filter(({ type }) => type === wanted)
      .flatMap(({ address }) => url(address, port.nodePort)),
  );
}

/** True where a load balancer has an address for the Service. */
export function isBalanced({ status }: ReachedService): boolean {
  return (status?.loadBalancer?.ingress ?? []).length > 0;
}

/** Why Argo CD calls a Service Progressing for ever: nobody gives its load balancer an address. Null for any other. */
export function missesAddress(service: ReachedService): string | null {
  if (service.spec.type !== 'LoadBalancer' || isBalanced(service)) return null;
  return 'The Service has no address: no provider of load balancers has given it one. Where there is none, use --expose node-port.';
}

function isReady({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Ready' && status === 'True';
}

function url(host: string | undefined, port: number | undefined): string[] {
  if (host === undefined || host === '' || port === undefined) return [];
  return [`http://${isIPv6(host) ? `[${host}]` : host}:${port}`];
}
