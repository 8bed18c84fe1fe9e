import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../settings/value.ts';
import { field } from './field.ts';
import { isDeployment, isService } from './kinds.ts';
import type { Rule } from './rule.ts';

/**
 * A Deployment's selector is immutable: the API server refuses the new one, and replacing the object drops every pod. A
 * Service's is not, and swaps all endpoints at once for pods that no load balancer has checked yet
 * (kubernetes/ingress-gce issue 638).
 */
export const selectorChanged: Rule = ({ before, after }) => {
  const old = field(before?.document, 'spec', 'selector');
  const next = field(after?.document, 'spec', 'selector');
  if (isDeepStrictEqual(old, next)) return null;
  const what = `changes its selector from ${says(old)} to ${says(next)}`;
  if (isDeployment(before) && isDeployment(after)) {
    return `${what}. Kubernetes refuses that, and deleting it drops every request: add a second Deployment instead`;
  }
  if (isService(before) && isService(after)) {
    return `${what}. All endpoints are swapped at once, for pods that no load balancer has checked: add a second Service instead`;
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
