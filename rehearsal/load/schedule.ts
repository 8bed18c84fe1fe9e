import type { ClientKind } from './sample.ts';

/** One request that is to be sent, and when. */
export interface Shot {
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
export function shot(startAt: number, rate: number, n: number): Shot {
  const halfPeriodMs = 500 / rate;
  return {
    kind: n % 2 === 0 ? 'keep-alive' : 'new-connection',
    index: Math.floor(n / 2),
    dueAt: startAt + n * halfPeriodMs,
  };
}
