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
