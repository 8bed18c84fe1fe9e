import type { JsonObject } from '../terraform-json.ts';

interface Availability {
  readonly controller: JsonObject;
  readonly server: JsonObject;
  readonly repoServer: JsonObject;
}

// A drained node takes one of two, never both.
const twice = { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } };

/**
 * Two of what people and webhooks call. The controller stays one: more of them share clusters out between them, and there
 * is one cluster. Redis stays one as well: it is a cache, which Argo CD fills again (docs/adr/0012).
 */
export function availability(high: boolean): Availability {
  const each = high ? twice : {};
  return { controller: { replicas: 1 }, server: each, repoServer: each };
}
