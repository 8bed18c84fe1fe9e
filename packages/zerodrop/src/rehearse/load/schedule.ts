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
export function openLoop(rate: number, send: (dueRequest: DueRequest) => Promise<void>): OpenLoop {
  const startAt = now() + headStartMs;
  const open = new Set<Promise<void>>();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const sendDue = (): void => {
    const at = now();
    let next = dueRequest(startAt, rate, sent);
    for (; next.dueAt <= at; next = dueRequest(startAt, rate, sent)) {
      sent += 1;
      const answered = send(next).then(() => void open.delete(answered));
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
  /** The version that answered, from the answer's headers; null where none did. */
  readonly version: string | null;
  /** Null for a right answer; else an error code (`ECONNRESET`), `HTTP 503`, `timeout`, `wrong body` or `no x-version`. */
  readonly failure: string | null;
}

/** What the load client is told over its channel. It ends by itself when the channel closes. */
export type ToLoadClient =
  | {
      readonly kind: 'start';
      readonly url: string;
      /** Requests per second of each client kind. */
      readonly rate: number;
    }
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
export function now(): number {
  return performance.timeOrigin + performance.now();
}
