import type { JsonObject } from '../terraform-json.ts';
import { resources } from './resources.ts';

interface Availability {
  readonly controller: JsonObject;
  readonly server: JsonObject;
  readonly repoServer: JsonObject;
  readonly redisHa: JsonObject;
}

// A drained node takes one of two, never both.
const twice = { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } };

/**
 * Two of what people and webhooks call, and a Redis that survives a node (argo-cd chart, "HA mode without autoscaling").
 * The controller stays one: more of them share clusters out between them, and there is one cluster.
 */
export function availability(high: boolean): Availability {
  if (!high) return { controller: { replicas: 1 }, server: {}, repoServer: {}, redisHa: { enabled: false } };
  return {
    controller: { replicas: 1 },
    server: twice,
    repoServer: twice,
    redisHa: {
      enabled: true,
      redis: { resources: resources.redis },
      haproxy: { resources: resources.redis },
    },
  };
}
