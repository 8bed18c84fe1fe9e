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
