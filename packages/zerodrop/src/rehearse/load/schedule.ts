import type { ServiceRequest } from './request.ts';

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

/** How many connections are kept, and how they are used. */
export interface Kept {
  /** They take turns. */
  readonly inTurn: number;
  /** Beside them, one for each time: it is used, and then idles for so long, in milliseconds. */
  readonly idleMs: readonly number[];
}

/** Kept connections meet each pod so often, and no fewer of them than so many are kept. */
const [ofEachPod, fewest] = [4, 20];

/** One that takes turns is used at least this often: well within the shortest drain, or it would be closed while it is idle. */
const usedEveryMs = 2_000;

/** How long idle connections idle, from the least to the most; never for most of the drain, within which each has to be used. */
const [leastIdleMs, mostIdleMs, partOfDrain] = [2_000, 6_000, 0.8];

/** How connections are kept by a load of `rate` requests per second of each kind, to a service of so many pods. */
export function keptConnections(rate: number, pods = 3, drainMs = 5_000): Kept {
  const inTurn = Math.max(1, Math.min(Math.max(fewest, ofEachPod * pods), Math.floor((rate * usedEveryMs) / 1_000)));
  const most = Math.max(1_000, Math.min(mostIdleMs, partOfDrain * drainMs));
  const least = Math.min(leastIdleMs, most / 2);
  // Of the requests, idle connections take a third at the most.
  const idle = Math.min(Math.ceil(inTurn / 4), Math.max(1, Math.floor((rate * least) / 3_000)));
  const idleMs = Array.from({ length: idle }, (_, n) => Math.round(least + ((n + 0.5) / idle) * (most - least)));
  return { inTurn, idleMs };
}

/** Which of the kept connections a request is sent on: an idle one whose time has come, else the next in turn. */
export function makeTurns({ inTurn, idleMs }: Kept): (dueAt: number) => number {
  const next: (number | undefined)[] = idleMs.map(() => undefined);
  let turn = -1;
  return (dueAt) => {
    const due = next.findIndex((at) => at === undefined || at <= dueAt);
    const period = idleMs[due];
    if (period === undefined) {
      turn = (turn + 1) % inTurn;
      return turn;
    }
    next[due] = dueAt + period;
    return inTurn + due;
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
  /**
   * Null for a right answer; else an error code (`ECONNRESET`), `HTTP 503`, `timeout`, `closed` before an answer, `cut off` within one,
   * `malformed answer`, `more than an answer`, `wrong body` or `no version`.
   */
  readonly failure: string | null;
}

/** Clients whose requests last, beside those that ask all the time. */
export type LongLivedKind = 'slow-request' | 'upload' | 'event-stream' | 'websocket';

/** What one of them is to do. */
export type LongLivedOrder =
  | {
      readonly kind: 'slow-request' | 'upload';
      readonly request: ServiceRequest;
      readonly perSecond: number;
      /** How long the service takes for an answer, or the client to send its body. */
      readonly lastsMs: number;
    }
  | {
      readonly kind: 'event-stream' | 'websocket';
      readonly request: ServiceRequest;
      /** So many at a time. */
      readonly open: number;
    };

/** What is said of long-lived clients; null for what is not. */
export interface SaidLongLived {
  /** `{ms}` in its path is replaced by how long the answer is to take. */
  readonly slow: ServiceRequest | null;
  readonly upload: ServiceRequest | null;
  readonly events: ServiceRequest | null;
  readonly socket: ServiceRequest | null;
  /** How long slow requests and uploads last. */
  readonly seconds: number | null;
  /** What a stream or socket is that ends without its protocol's end. */
  readonly closedEarly: 'lost' | 'told';
}

/** How much longer than the drain slow requests and uploads go on that arrive last: they are open when the listener closes. */
const beyondDrainMs = 1_000;

/**
 * What the long-lived clients are to do: of slow requests and uploads one a second for each pod, so that one or two of a pod's are open
 * when its drain ends; of streams and sockets two for each pod. Unless said they last a second beyond the drain, for those that arrive as
 * late as the lag allows, and no longer than the service lets a request last.
 */
export function longLivedOrders(
  { slow, upload, events, socket, seconds }: SaidLongLived,
  { pods, drainMs, lagMs, limitMs }: Readonly<{ pods: number; drainMs: number; lagMs: number; limitMs: number }>,
): readonly LongLivedOrder[] {
  const beyond = Math.min(limitMs, Math.max(drainMs - lagMs, 0) + beyondDrainMs);
  const lastsMs = seconds === null ? beyond : 1_000 * seconds;
  const [perSecond, open] = [Math.max(2, pods), 2 * Math.max(2, pods)];
  const timed = (request: ServiceRequest): ServiceRequest => ({
    ...request,
    path: request.path.replaceAll('{ms}', String(lastsMs)),
  });
  return [
    ...(slow === null ? [] : [{ kind: 'slow-request', request: timed(slow), perSecond, lastsMs } as const]),
    ...(upload === null ? [] : [{ kind: 'upload', request: upload, perSecond, lastsMs } as const]),
    ...(events === null ? [] : [{ kind: 'event-stream', request: events, open } as const]),
    ...(socket === null ? [] : [{ kind: 'websocket', request: socket, open } as const]),
  ];
}

/** A request, stream or socket of a long-lived client, and how it ended. Times are milliseconds since the epoch. */
export interface LongLived extends Pick<Sample, 'endedAt' | 'version' | 'pod' | 'port' | 'failure'> {
  readonly kind: LongLivedKind;
  readonly startedAt: number;
}

/** What requests are sent over, beside the address. */
export interface Over {
  /** By HTTP/2, and not HTTP/1.1. */
  readonly isHttp2?: boolean;
  /** The certificate that signs the service's, in PEM; null for those that Node.js trusts. */
  readonly authority?: string | null;
}

/** What the load client is told over its channel. It ends by itself when the channel closes. */
export type ToLoadClient =
  | {
      readonly kind: 'start';
      readonly url: string;
      /** Requests per second of each client kind. */
      readonly rate: number;
      readonly request: ServiceRequest;
      readonly kept: Kept;
      /** Begun once the service itself is dialled. */
      readonly longLived: readonly LongLivedOrder[];
      readonly over: Over;
      /** A port of 127.0.0.1 that is dialled in the place of the service's, until `direct` is told; null for none. */
      readonly via: number | null;
    }
  | { readonly kind: 'direct' }
  | { readonly kind: 'stop' };

/** What the load client tells, in this order: `started`, any number of `samples` and `long-lived`, `ended`. */
export type FromLoadClient =
  | { readonly kind: 'started' }
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | { readonly kind: 'long-lived'; readonly ended: LongLived }
  | ({ readonly kind: 'ended' } & LoadEnd);

/** How a load ended. */
export interface LoadEnd {
  /** Requests sent in all; each has left one sample. */
  readonly sent: number;
}

/** Milliseconds since the epoch, with a fraction, from a clock that never steps back. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
