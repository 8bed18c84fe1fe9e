import type { ManifestObject } from './documents.ts';
import { isDeployment, isNamespace, isService } from './kinds.ts';
import type { Rule } from './rule.ts';

/** To Kubernetes a new name is another object, and Argo CD prunes the old one, with all that depends on it. */
export const nameChanged: Rule = ({ before, after }) => {
  if (after !== null) return null;
  const cost = costOf(before);
  if (cost === null) return null;
  return `is gone, or has another name now. Argo CD deletes it, ${cost}: keep the name, or add the new one first and take this one away when nothing uses it`;
};

function costOf(object: ManifestObject): string | null {
  if (isDeployment(object)) return 'and its pods end whether others are ready or not';
  if (isService(object)) return 'and its address, which clients hold, leads nowhere';
  if (isNamespace(object)) return 'and everything in it';
  return null;
}
