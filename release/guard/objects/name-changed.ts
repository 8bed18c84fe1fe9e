import type { ManifestObject } from '../documents.ts';
import { isNamespace, isOneOf, isService, isWorkload } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

/** To Kubernetes a new name is another object, and Argo CD prunes the old one, with all that depends on it. */
export const nameChanged: ObjectRule = ({ before, after }) => {
  if (after !== null) return null;
  const cost = costOf(before);
  if (cost === null) return null;
  const says = `is gone, or has another name now. Argo CD deletes it, ${cost}: keep the name, or add the new one first and take this one away when nothing uses it`;
  return { says, at: [] };
};

const waysIn = [
  'Ingress.networking.k8s.io',
  'Gateway.gateway.networking.k8s.io',
  'HTTPRoute.gateway.networking.k8s.io',
  'GRPCRoute.gateway.networking.k8s.io',
];

function costOf(object: ManifestObject): string | null {
  if (isWorkload(object)) return 'and its pods end whether others are ready or not';
  if (isService(object)) return 'and its address, which clients hold, leads nowhere';
  if (isOneOf(object, waysIn)) return 'and what comes in that way leads nowhere';
  if (isNamespace(object)) return 'and everything in it';
  return null;
}
