import { field } from '../field.ts';
import { isService } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

// The type, and what is set up anew with it: kubernetes issues 49425 and 53657. With the values that the API server fills in.
const exposing = { type: 'ClusterIP', externalTrafficPolicy: 'Cluster', loadBalancerClass: 'none' } as const;

/** Another type or traffic policy makes the cloud set up its load balancer anew, in most cases with another address. */
export const serviceTypeChanged: ObjectRule = ({ before, after }) => {
  if (!isService(before) || !isService(after)) return null;
  for (const [key, usual] of Object.entries(exposing)) {
    const old = field(before.document, 'spec', key) ?? usual;
    const next = field(after.document, 'spec', key) ?? usual;
    if (old !== next) {
      return {
        says: `changes its ${key} from ${String(old)} to ${String(next)}. The way in is set up anew, and requests are lost until it is there: add a second Service instead, and move clients over to it`,
        at: ['spec', key],
      };
    }
  }
  return null;
};
