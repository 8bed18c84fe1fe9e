import { stringify } from 'yaml';
import type { JsonObject } from '../terraform-json.ts';

/**
 * Links in Argo CD's pages that an object has no address for before it is live: from a Service to its answer. The UI links the repository
 * and the commit by itself, and the rest is rendered (apps/argo/application.ts).
 */
export function links(): JsonObject {
  const service = {
    title: 'Version that answers',
    url: 'http://{{ (index .resource.status.loadBalancer.ingress 0).ip }}/version',
    if: 'resource.kind == "Service" && resource.spec.type == "LoadBalancer" && resource.status.loadBalancer.ingress != nil',
    'icon.class': 'fa-globe',
  };
  return { 'resource.links': stringify([service], { version: '1.1', lineWidth: 0 }) };
}
