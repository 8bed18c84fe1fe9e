import type { WebService, WorkerService } from './schema.ts';

/** A service that answers requests: the default export of apps/services/NAME.ts. It is checked when it is read. */
export function webService(given: WebService): WebService & { readonly kind: 'web' } {
  return { kind: 'web', ...given };
}

/** A program that nothing sends requests to, such as a consumer of a queue: as {@link webService}, without a Service and ports. */
export function worker(given: WorkerService): WorkerService & { readonly kind: 'worker' } {
  return { kind: 'worker', ...given };
}
