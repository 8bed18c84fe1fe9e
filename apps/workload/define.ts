import type { WebService } from './schema.ts';

/** A service that answers requests: the default export of apps/services/NAME.ts. It is checked when it is read. */
export function webService(given: WebService): WebService & { readonly kind: 'web' } {
  return { kind: 'web', ...given };
}
