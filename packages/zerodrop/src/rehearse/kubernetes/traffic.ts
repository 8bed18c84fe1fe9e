import http from 'node:http';
import { isIPv6 } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../../errors.ts';
import { type Cluster, read } from '../../rollout/kubernetes/api.ts';
import type { Watched } from '../../rollout/kubernetes/api.ts';
import { endpointSlicesPath, servicesPath } from '../../rollout/kubernetes/objects.ts';
import { follow } from '../../rollout/kubernetes/observe.ts';
import { type Endpoint, inTime, type ProxyOptions, startProxy } from '../embedded/balancer/traffic.ts';
import type { HealthCheck } from '../manifests/rehearsed.ts';

/** A provider tells a load balancer's address before traffic gets through: minutes before, at Google. */
const patienceMs = { node: 30_000, balancer: 300_000 };

/** Finds the address at which this machine reaches a Service. Throws with all that was tried where there is none. */
export async function reach(
  cluster: Cluster,
  namespace: string,
  service: string,
  signal: AbortSignal,
): Promise<string> {
  const startedAt = Date.now();
  for (;;) {
    const found = await read<ReachedService>(cluster, `${servicesPath(namespace)}/${service}`);
    const balanced = isBalanced(found);
    // Not everybody may list nodes, and a load balancer makes them needless.
    const nodes = balanced ? [] : (await read<{ items: readonly ReachedNode[] }>(cluster, '/api/v1/nodes')).items;
    const candidates = addresses(found, nodes);
    const isAnswered = await Promise.all(candidates.map(async (url) => answers(url, signal)));
    const reached = candidates.find((_, index) => isAnswered[index] === true);
    if (reached !== undefined) return reached;
    if (Date.now() > startedAt + patienceMs[balanced ? 'balancer' : 'node']) {
      throw new Error(unreachable(namespace, service, candidates));
    }
    await pause(500, undefined, { signal });
  }
}

function unreachable(namespace: string, service: string, candidates: readonly string[]): string {
  const what = `Service ${namespace}/${service}`;
  return candidates.length === 0
    ? `${what} has no address: neither a load balancer's nor a node port. Say where it is reached by --url.`
    : `${what} does not answer at ${candidates.join(', ')} from this machine. Say where it is reached by --url, or expose it by --expose load-balancer.`;
}

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
    return (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) =>
      urlOf(ip ?? hostname, port.port),
    );
  }
  const ready = nodes.filter(({ status }) => status?.conditions?.some(isReady) === true);
  return ['ExternalIP', 'InternalIP'].flatMap((wanted) =>
    ready
      .flatMap(({ status }) => status?.addresses ?? [])
      .filter(({ type }) => type === wanted)
      .flatMap(({ address }) => urlOf(address, port.nodePort)),
  );
}

/** True where a load balancer has an address for the Service. */
function isBalanced({ status }: ReachedService): boolean {
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

function urlOf(host: string | undefined, port: number | undefined): string[] {
  if (host === undefined || host === '' || port === undefined) return [];
  return [`http://${isIPv6(host) ? `[${host}]` : host}:${port}`];
}

/** With two pods that take turns at random, the chance that one of them answers all of these is 1 in 500 million. */
const questions = 30;

/** What a caller may set otherwise. */
interface Patience {
  /** How long an address may answer nothing at first. */
  readonly withinMs: number;
  readonly betweenMs: number;
}

/**
 * Refuses an address behind which a single pod answers: a `kubectl port-forward` leads to one pod and holds on to it, past
 * the Service and its endpoints, and so hides what a rollout does. It can't be told from its address, but from its answers.
 * Throws where too few answers come in 30 s.
 */
export async function refuseSinglePod(
  url: string,
  replicas: number,
  signal: AbortSignal,
  { withinMs, betweenMs }: Patience = { withinMs: 30_000, betweenMs: 500 },
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  const given: Answerer[] = [];
  while (given.length < questions) {
    const answer = await askVersion(url, signal);
    if (answer !== null) {
      given.push(answer);
    } else if (Date.now() > giveUpAt) {
      // A service that answers, and does not name its pod, can't be told.
      if (given.length === 0 && (await answers(url, signal))) return;
      throw new Error(
        `--url is ${url}, but the service does not answer there reliably: ${given.length} answers in ${withinMs / 1_000} s. Is the address reachable from here?`,
      );
    } else {
      await pause(betweenMs, undefined, { signal });
    }
  }
  const sentence = singlePod(url, replicas, given);
  if (sentence !== null) throw new UsageError(sentence);
}

/** What is wrong with an address that answered like this; null where nothing is. */
export function singlePod(url: string, replicas: number, given: readonly Answerer[]): string | null {
  const pods = new Set(given.map(({ pod }) => pod));
  if (replicas < 2 || pods.size > 1) return null;
  return `--url is ${url}, where only pod ${[...pods].join('')} of ${replicas} answers. A kubectl port-forward, or an address with session affinity, pins one pod and hides what a rollout does: name the address of a load balancer or a node port.`;
}

const withinMs = 2_000;

/** Who answered. */
export interface Answerer {
  readonly version: string;
  readonly pod: string;
}

/** Whether anything answers there, whatever it says: what a right answer is, is asked later. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    (await get(new URL(url), AbortSignal.any([signal, AbortSignal.timeout(withinMs)]))).resume();
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** Asks the service once over a connection of its own, so that whatever is in between may choose a pod. Null where nobody answers within 2 s. */
export async function askVersion(url: string, signal: AbortSignal): Promise<Answerer | null> {
  try {
    const answer = await get(new URL('/version', url), AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    return answerer(await json(answer));
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function get(url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false, headers: { connection: 'close' }, signal }, resolve).on('error', reject);
  });
}

/** What the body of `/version` says; null where it is another program's. */
function answerer(body: unknown): Answerer | null {
  if (typeof body !== 'object' || body === null || !('version' in body) || !('pod' in body)) return null;
  const { version, pod } = body;
  return typeof version === 'string' && typeof pod === 'string' ? { version, pod } : null;
}

/** The part of an EndpointSlice that says where requests may go. */
interface Slice extends Watched {
  readonly ports?: readonly { readonly port?: number }[];
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
    readonly targetRef?: { readonly name?: string };
  }[];
}

/** A proxy of this machine before pods whose addresses are reached from here, and who is behind it. */
interface Proxied extends Pick<ProxyOptions, 'program' | 'folder'> {
  readonly namespace: string;
  readonly service: string;
  readonly health: HealthCheck | null;
  /** It learns of a change so long after the API server. */
  readonly lagMs: number;
  readonly signal: AbortSignal;
}

/** Puts a proxy before the pods of a Service, as an L7 load balancer of container-native endpoints is. */
export async function reachByProxy(cluster: Cluster, proxied: Proxied): Promise<{ readonly url: string; end(): void }> {
  const { namespace, service, health, lagMs, signal } = proxied;
  const proxy = await startProxy({ ...proxied, port: 0, healthPath: health?.path ?? null });
  const changeTo = inTime((endpoints: readonly Endpoint[]) => void proxy.changeTo(endpoints));
  const slices = {
    path: endpointSlicesPath(namespace),
    query: { labelSelector: `kubernetes.io/service-name=${service}` },
  };
  const tell = (found: readonly Slice[]): void =>
    changeTo(
      found.flatMap((slice) => endpointsIn(slice, health)),
      Date.now() + lagMs,
    );
  await follow<Slice>(cluster, slices, tell, signal);
  return { url: `http://127.0.0.1:${proxy.port}`, end: () => proxy.end() };
}

function endpointsIn({ ports, endpoints = [] }: Slice, health: HealthCheck | null): Endpoint[] {
  return endpoints.map(({ addresses: [host = ''], conditions = {}, targetRef }) => ({
    pod: targetRef?.name ?? '',
    host,
    port: ports?.[0]?.port ?? null,
    healthPort: health?.port ?? null,
    // The API says that an unknown readiness is to be taken as ready, and an unknown serving as that.
    ready: conditions.ready ?? true,
    serving: conditions.serving ?? conditions.ready ?? true,
    terminating: conditions.terminating ?? false,
  }));
}
