import type { LookupAddress } from 'node:dns';
import http, { type Agent, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { headersOf, judgeAnswer, type ServiceRequest, versionOf, withId } from './request.ts';

/** One request that is to be sent, and when. */
export interface DueRequest {
  readonly kind: ClientKind;
  /** Counts the requests of this client kind, from 0. */
  readonly index: number;
  /** Milliseconds since the epoch, with a fraction. */
  readonly dueAt: number;
}

/**
 * The n-th request of a load that sends `rate` requests per second of each client kind. The kinds take turns, half a period
 * apart.
 *
 * Due times come from the number alone: no answer, and no delay of the client, moves a later request. That is what "open loop"
 * means, and why a service that stops answering can't slow down the load that shows it.
 */
export function dueRequest(startAt: number, rate: number, n: number): DueRequest {
  const halfPeriodMs = 500 / rate;
  return {
    kind: n % 2 === 0 ? 'keep-alive' : 'new-connection',
    index: Math.floor(n / 2),
    dueAt: startAt + n * halfPeriodMs,
  };
}

/** Until the first request is due, in milliseconds: the loop is in place by then. */
const headStartMs = 50;

/** A load that is being sent. */
export interface OpenLoop {
  /** Sends no more, waits for the answers that are still out, and returns how many requests were sent. */
  stop(): Promise<number>;
}

/** Sends each request when it is due, whatever became of those before. What a late timer missed is sent at once. */
export function openLoop(rate: number, sendOne: (dueRequest: DueRequest) => Promise<void>): OpenLoop {
  const startAt = now() + headStartMs;
  const open = new Set<Promise<void>>();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const sendDue = (): void => {
    const at = now();
    let next = dueRequest(startAt, rate, sent);
    for (; next.dueAt <= at; next = dueRequest(startAt, rate, sent)) {
      sent += 1;
      const answered = sendOne(next).then(() => void open.delete(answered));
      open.add(answered);
    }
    // Counted from the schedule each time, so that a timer's delay never adds up.
    timer = setTimeout(sendDue, next.dueAt - now());
  };
  sendDue();
  return {
    async stop() {
      clearTimeout(timer);
      await Promise.all(open);
      return sent;
    },
  };
}

export type ClientKind = 'keep-alive' | 'new-connection';

/** One request of the load and how it ended. Times are milliseconds since the epoch, with a fraction. */
export interface Sample {
  readonly kind: ClientKind;
  /** When the schedule wanted it sent: latency counts from here, so that a late client can't hide a slow service. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly endedAt: number;
  /** The version that answered, as the answer says it or the pod that was reached has it; null where nothing tells. */
  readonly version: string | null;
  /** The pod that answered, from the header `x-pod`; null where no answer named one. */
  readonly pod: string | null;
  /** The client's own port of the connection; null where there was none. */
  readonly port: number | null;
  /** Null for a right answer; else an error code (`ECONNRESET`), `HTTP 503`, `timeout`, `wrong body` or `no version`. */
  readonly failure: string | null;
}

/** What the load client is told over its channel. It ends by itself when the channel closes. */
export type ToLoadClient =
  | {
      readonly kind: 'start';
      readonly url: string;
      /** Requests per second of each client kind. */
      readonly rate: number;
      readonly request: ServiceRequest;
      /** A port of 127.0.0.1 that is dialled in the place of the service's, until `direct` is told; null for none. */
      readonly via: number | null;
    }
  | { readonly kind: 'direct' }
  | { readonly kind: 'stop' };

/** What the load client tells, in this order: `started`, any number of `samples`, `ended`. */
export type FromLoadClient =
  | { readonly kind: 'started' }
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | ({ readonly kind: 'ended' } & LoadEnd);

/** How a load ended. */
export interface LoadEnd {
  /** Requests sent in all; each has left one sample. */
  readonly sent: number;
}

/** Milliseconds since the epoch, with a fraction, from a clock that never steps back. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** How long a request may take once it is sent. The service's own limit for the longest request is the same. */
const requestTimeoutMs = 10_000;

/** Sends a request to a service and waits for its answer. Never rejects and never retries: every way to end is a sample. */
export async function send(
  base: string,
  agent: Agent,
  { kind, index, dueAt }: DueRequest,
  asked: ServiceRequest,
  timeoutMs = requestTimeoutMs,
): Promise<Sample> {
  const id = `${kind}-${index}`;
  const body = asked.body === null ? null : withId(asked.body, id);
  const sentAt = now();
  return new Promise((resolve) => {
    let port: number | null = null;
    const end = (told: Pick<Sample, 'version' | 'pod' | 'failure'>): void => {
      clearTimeout(timer);
      resolve({ kind, dueAt, sentAt, endedAt: now(), ...told, port });
    };
    const fail = (error: Error): void => end({ version: null, pod: null, failure: reason(error) });
    const outgoing = clientOf(base).request(
      new URL(withId(asked.path, id), base),
      { method: asked.method, agent, headers: headersOf(asked, id, body) },
      (answer) => {
        answer.on('error', fail);
        collect(answer, (text) => {
          const { statusCode: status = 0, headers } = answer;
          end({
            version: versionOf(asked.version, headers, text),
            pod: versionOf({ header: 'x-pod' }, headers, ''),
            failure: judgeAnswer(asked, id, { status, headers, body: text }),
          });
        });
      },
    );
    // A socket that is destroyed has forgotten its port.
    outgoing.once('socket', (socket) => {
      port = socket.localPort ?? null;
      if (socket.connecting) socket.once('connect', () => void (port = socket.localPort ?? null));
    });
    // What follows the first ending changes nothing: a promise settles once.
    outgoing.on('error', fail);
    const timer = setTimeout(() => {
      end({ version: null, pod: null, failure: 'timeout' });
      outgoing.destroy();
    }, timeoutMs);
    outgoing.end(body ?? undefined);
  });
}

const clientOf = (base: string): typeof http | typeof https => (base.startsWith('https:') ? https : http);

function collect(answer: IncomingMessage, ended: (text: string) => void): void {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  answer.once('end', () => ended(text));
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

/** So many kept connections meet every pod of a usual service, and hundreds of requests a second spread over them. */
const most = 20;

/** A kept connection is used at least this often: well within the shortest drain, or it would be closed while idle. */
const usedEveryMs = 2_000;

/** The ways in which a request gets its connection. */
export interface Connections {
  agentFor(dueRequest: DueRequest): Agent;
  /** Keeps no connection any more: closes those that are idle now, and each other one when its answer is there. */
  retire(): void;
  /** Closes what is open. */
  close(): void;
}

/** How many connections are kept, for `rate` keep-alive requests per second. */
export function keptConnections(rate: number): number {
  return Math.max(1, Math.min(most, Math.floor((rate * usedEveryMs) / 1_000)));
}

/**
 * Opens nothing yet. Keep-alive requests take turns on their connections, each behind an agent of its own: one shared agent
 * would reuse the warmest connection and leave the others idle. While a connection waits for an answer its agent opens a
 * second one, so that no request queues behind another. The addresses of a name take turns, one for each connection.
 */
export function makeConnections(
  rate: number,
  addresses: readonly LookupAddress[] = [],
  via: number | null = null,
  base = 'http:',
): Connections {
  const { Agent } = clientOf(base);
  // An agent's own host and port are dialled in the place of the request's, and the request still names the service.
  const dialler = via === null ? inTurn(addresses) : { host: '127.0.0.1', port: via };
  // Node.js would otherwise dial one address of a name after the other, and hide one that refuses.
  const dialled = { noDelay: true, autoSelectFamily: false, ...dialler };
  const kept = Array.from(
    { length: keptConnections(rate) },
    () => new Agent({ keepAlive: true, maxFreeSockets: 1, ...dialled }),
  );
  const fresh = new Agent({ keepAlive: false, ...dialled });
  return {
    agentFor({ kind, index }) {
      return kind === 'new-connection' ? fresh : (kept[index % kept.length] ?? fresh);
    },
    retire() {
      for (const agent of kept) {
        agent.maxFreeSockets = 0;
        for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
      }
    },
    close() {
      for (const agent of [...kept, fresh]) agent.destroy();
    },
  };
}

function inTurn(addresses: readonly LookupAddress[]): { readonly lookup?: LookupFunction } {
  if (addresses.length === 0) return {};
  let dialled = 0;
  return {
    lookup(_, _options, found) {
      const next = addresses[dialled % addresses.length];
      dialled += 1;
      found(null, next?.address ?? '', next?.family ?? 0);
    },
  };
}
