import type { Sample } from './sample.ts';

/** What the load client is told over its channel. It ends by itself when the channel closes. */
export type Order =
  | {
      readonly kind: 'start';
      readonly url: string;
      /** Requests per second of each client kind. */
      readonly rate: number;
    }
  | { readonly kind: 'stop' };

/** What the load client tells, in this order: `started`, any number of `samples`, `ended`. */
export type Word =
  | { readonly kind: 'started' }
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | ({ readonly kind: 'ended' } & LoadEnd);

/** How a load ended. */
export interface LoadEnd {
  /** Requests sent in all; each has left one sample. */
  readonly sent: number;
}
