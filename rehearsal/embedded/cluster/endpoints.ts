import type { V1EndpointSlice } from '@kubernetes/client-node';
import type { Endpoint } from '../balancer/endpoints.ts';

/** Finds the port of 127.0.0.1 that stands for a port of a pod's address; null where nothing listens there. */
export type PortOf = (address: string, port: number) => number | null;

/** The endpoints of a Service's first port, as its slices tell of them; none where there is no Service. */
export function endpointsOf(slices: readonly V1EndpointSlice[], service: string | null, portOf: PortOf): Endpoint[] {
  return slices
    .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === service)
    .flatMap((slice) => slice.endpoints.map((endpoint) => ({ ...endpoint, target: slice.ports?.[0]?.port })))
    .map(({ addresses, conditions, targetRef, target }) => ({
      pod: targetRef?.name ?? '',
      port: target === undefined ? null : portOf(addresses[0] ?? '', target),
      ready: conditions?.ready ?? false,
      serving: conditions?.serving ?? false,
      terminating: conditions?.terminating ?? false,
    }));
}
