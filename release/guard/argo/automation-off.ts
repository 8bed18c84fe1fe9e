import { isRecord } from '../../../settings/value.ts';
import { field } from '../field.ts';
import { isApplication } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

const automated = ['spec', 'syncPolicy', 'automated'];

/** With one of these off, what runs is no longer what git says, and a revert rolls nothing back. */
export const automationOff: ObjectRule = ({ after }) => {
  if (!isApplication(after)) return null;
  const policy = field(after.document, ...automated);
  if (!isRecord(policy) || policy['enabled'] === false) {
    const says =
      'is not synced by itself. A merge rolls nothing out and a revert rolls nothing back: give it automated with prune and selfHeal';
    return { says, at: automated };
  }
  if (policy['prune'] !== true) {
    const says =
      'does not prune. What leaves git goes on running, unseen, and takes its share of the requests: set prune to true';
    return { says, at: [...automated, 'prune'] };
  }
  if (policy['selfHeal'] !== true) {
    const says =
      'does not heal itself. What is changed by hand in the cluster stands until the next merge, and then goes without a warning: set selfHeal to true';
    return { says, at: [...automated, 'selfHeal'] };
  }
  return null;
};
