import { isRecord } from '../../../settings/value.ts';
import type { ManifestObject } from '../documents.ts';
import { field } from '../field.ts';
import { isApplication } from '../kinds.ts';
import { annotation } from '../objects/sync-options.ts';
import type { Complaint, ObjectRule } from '../rule.ts';

const automated = ['spec', 'syncPolicy', 'automated'];
const skip = 'argocd.argoproj.io/skip-reconcile';
// What Go's strconv.ParseBool takes for true, as Argo CD reads the annotation.
const truths = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** With one of these off, what runs is no longer what git says, and a revert rolls nothing back. */
export const automationOff: ObjectRule = ({ after }) => {
  if (!isApplication(after)) return null;
  return skipped(after) ?? notSynced(field(after.document, ...automated));
};

function skipped(application: ManifestObject): Complaint | null {
  if (!truths.has(annotation(application, skip) ?? '')) return null;
  return {
    says: 'is skipped by Argo CD. A merge rolls nothing out and a revert rolls nothing back: remove the annotation, or set it to "false"',
    at: ['metadata', 'annotations', skip],
  };
}

function notSynced(policy: unknown): Complaint | null {
  const isOff = !isRecord(policy) || policy['enabled'] === false;
  if (isOff) {
    return {
      says: 'is not synced by itself. A merge rolls nothing out and a revert rolls nothing back: give it automated with enabled, prune and selfHeal',
      at: isRecord(policy) ? [...automated, 'enabled'] : automated,
    };
  }
  if (policy['prune'] !== true) {
    return {
      says: 'does not prune. What leaves git goes on running, unseen, and takes its share of the requests: set prune to true',
      at: [...automated, 'prune'],
    };
  }
  if (policy['selfHeal'] !== true) {
    return {
      says: 'does not heal itself. What is changed by hand in the cluster stands until the next merge, and then goes without a warning: set selfHeal to true',
      at: [...automated, 'selfHeal'],
    };
  }
  if (policy['enabled'] !== true) {
    return {
      says: 'does not say that auto-sync is enabled. Rollback in the UI of Argo CD switches it off, and nothing switches it on again, because git has no such field: set enabled to true',
      at: [...automated, 'enabled'],
    };
  }
  return null;
}
