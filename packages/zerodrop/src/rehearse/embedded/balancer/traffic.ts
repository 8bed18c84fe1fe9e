import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

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

export interface ProxyOptions {
  /** HAProxy, 2.4 or newer: its name on the PATH, or where it stands. */
  readonly program: string;
  /** For its configuration and its socket. */
  readonly folder: string;
  /** On 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** What its health check asks for; null where it only connects. */
  readonly healthPath: string | null;
  /** The file of the certificate and the key with which it speaks TLS to clients; absent for none. */
  readonly certificate?: string;
}

/** An L7 load balancer before the pods. */
export interface Proxy {
  readonly port: number;
  /** Sends new requests to these pods from now on. What is open at others goes on. */
  changeTo(endpoints: readonly Endpoint[]): Promise<void>;
  /** Rejects where the proxy ends by itself, with how. */
  readonly ended: Promise<never>;
  end(): void;
}

/** Pods that can be behind the proxy at a time, those that terminate included. */
const slots = 256;

/**
 * Starts HAProxy as the proxies of a provider are set: connections to the pods are kept and shared by all clients, a health check of its
 * own, HTTP/1.1 and HTTP/2 from the client. Nothing is tried twice, which would hide a loss. Pods come and go by its socket.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { program, folder, port } = options;
  const file = path.join(folder, 'haproxy.cfg');
  const socket = path.join(folder, 'haproxy.sock');
  const listening = port === 0 ? await freePort() : port;
  await writeFile(file, configuration(listening, socket, options));
  const child = spawn(program, ['-db', '-q', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`The proxy ${program} can't be started: ${error.message}`)));
    child.once('exit', (code, signal) =>
      reject(new Error(`The proxy ended by itself (${signal ?? `exit code ${code}`}).`)),
    );
  });
  ended.catch(() => undefined);
  await Promise.race([ended, accepts(listening)]);
  let placed: Placed = new Map();
  let asking: Promise<unknown> = Promise.resolve();
  return {
    port: listening,
    ended,
    async changeTo(endpoints) {
      const { commands, placed: next } = place(placed, endpoints);
      placed = next;
      // One change after the other: each builds on the places of the one before.
      asking = asking.then(async () => tell(socket, commands));
      await asking;
    },
    end() {
      process.off('exit', onExit);
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
    },
  };
}

/** The place of each pod among the proxy's servers, and whether new requests go there. */
export type Placed = ReadonlyMap<string, { readonly slot: number; readonly takesNew: boolean }>;

/**
 * What to tell the proxy so that new requests go to those endpoints that are eligible: a pod that comes gets a free place, one that
 * terminates finishes what it has, and the place of one that is gone is free again. Throws where there are more pods than places.
 */
export function place(
  before: Placed,
  endpoints: readonly Endpoint[],
): { readonly placed: Placed; readonly commands: readonly string[] } {
  const takesNew = new Set(eligible(endpoints).map(({ pod }) => pod));
  const known = new Map(endpoints.map((endpoint) => [endpoint.pod, endpoint]));
  const gone = [...before].filter(([pod]) => !known.has(pod));
  const placed = new Map([...before].filter(([pod]) => known.has(pod)));
  const commands = gone.map(([, { slot }]) => `set server pods/pod${slot} state maint`);
  const taken = new Set([...before.values()].map(({ slot }) => slot));
  for (const { pod, host = '127.0.0.1', port, healthPort } of endpoints) {
    const was = placed.get(pod);
    const wanted = takesNew.has(pod) && port !== null;
    if (was === undefined && wanted) {
      const slot = freeSlot(taken);
      taken.add(slot);
      placed.set(pod, { slot, takesNew: true });
      const server = `set server pods/pod${slot}`;
      commands.push(
        `${server} addr ${host} port ${port}`,
        `${server} check-port ${healthPort ?? port}`,
        `${server} state ready`,
      );
    } else if (was !== undefined && was.takesNew !== wanted) {
      placed.set(pod, { slot: was.slot, takesNew: wanted });
      commands.push(`set server pods/pod${was.slot} state ${wanted ? 'ready' : 'drain'}`);
    }
  }
  return { placed, commands };
}

function freeSlot(taken: ReadonlySet<number>): number {
  for (let slot = 1; slot <= slots; slot += 1) if (!taken.has(slot)) return slot;
  throw new Error(`More than ${slots} pods are behind the proxy.`);
}

function configuration(port: number, socket: string, { healthPath, certificate }: ProxyOptions): string {
  const check = healthPath === null ? [] : [`  option httpchk GET ${healthPath}`];
  return [
    'global',
    `  stats socket ${socket} mode 600 level admin`,
    '  nbthread 1',
    'defaults',
    '  mode http',
    '  retries 0',
    '  timeout connect 5s',
    // Google's proxies keep a client's connection for 610 s and one to a pod for 600 s.
    '  timeout client 610s',
    '  timeout http-keep-alive 610s',
    '  timeout server 600s',
    'frontend service',
    `  bind 127.0.0.1:${port}${certificate === undefined ? '' : ` ssl crt ${certificate} alpn h2,http/1.1`}`,
    '  default_backend pods',
    'backend pods',
    '  balance random',
    '  http-reuse always',
    ...check,
    // The defaults of Google's health checks: every 5 s, unhealthy after two failures.
    '  default-server check inter 5s fall 2 rise 1 pool-purge-delay 600s',
    `  server-template pod 1-${slots} 127.0.0.1:1 disabled`,
    '',
  ].join('\n');
}

/** Words of the socket that say that a change was made. */
const made = /changed from|no need to change|updated/u;

async function tell(socket: string, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  const stream = connect(socket);
  stream.end(`${commands.join(';')}\n`);
  const answer = await text(stream);
  const refused = answer.split('\n').filter((line) => line.trim() !== '' && !made.test(line));
  if (refused.length > 0) throw new Error(`The proxy did not take a change of its pods: ${refused.join(' ')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Resolves once something accepts connections at a port of this machine. */
async function accepts(port: number): Promise<void> {
  for (;;) {
    const stream = connect(port, '127.0.0.1');
    const accepted = await once(stream, 'connect').then(
      () => true,
      () => false,
    );
    stream.destroy();
    if (accepted) return;
    await pause(20);
  }
}
