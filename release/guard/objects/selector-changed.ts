import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../../settings/value.ts';
import { field } from '../field.ts';
import { isService, isWorkload } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

/**
 * The selector of what runs pods is immutable: the API server refuses the new one, and replacing the object drops every pod. A
 * Service's is not, and swaps all endpoints at once for pods that no load balancer has checked yet
 * (kubernetes/ingress-gce issue 638).
 */
export const selectorChanged: ObjectRule = ({ before, after }) => {
  const old = field(before?.document, 'spec', 'selector');
  const next = field(after?.document, 'spec', 'selector');
  if (isDeepStrictEqual(old, next)) return null;
  const what = `changes its selector from ${says(old)} to ${says(next)}`;
  const at = ['spec', 'selector'];
  if (isWorkload(before) && isWorkload(after)) {
    return {
      says: `${what}. Kubernetes refuses that, and deleting it drops every request: add a second ${after.kind} instead`,
      at,
    };
  }
  if (isService(before) && isService(after)) {
    return {
      says: `${what}. All endpoints are swapped at once, for pods that no load balancer has checked: add a second Service instead`,
      at,
    };
  }
  return null;
};

function says(selector: unknown): string {
  // A Service's selector is the labels themselves, a Deployment's has them one level down.
  const labels = field(selector, 'matchLabels') ?? selector;
  if (!isRecord(labels) || field(selector, 'matchExpressions') !== undefined) return JSON.stringify(selector) ?? 'none';
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}
