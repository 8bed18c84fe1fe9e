import type { Watched } from './collection.ts';

/** The part of an EndpointSlice that is read. */
export interface EndpointSlice extends Watched {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name?: string };
  }[];
}

/** The pods that take new traffic, by name and in order. Those of two slices, one per address family, count once. */
export function readyEndpoints(slices: readonly EndpointSlice[]): string[] {
  const ready = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    // The API says that an unknown readiness is to be taken as ready.
    .filter(({ conditions }) => conditions?.ready !== false)
    .map(({ targetRef, addresses }) => targetRef?.name ?? addresses[0] ?? '');
  return [...new Set(ready)].toSorted();
}
