import type { ManifestObject } from '../documents.ts';
import { field } from '../field.ts';
import { isOneOf, isStatefulSet } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

/** No revert brings back what was on a disk. */
export const dataLost: ObjectRule = ({ before, after }) => {
  if (after === null) {
    const cost = costOf(before);
    if (cost === null) return null;
    return {
      says: `is gone, or has another name now. Argo CD deletes it, and with it ${cost}, which no revert brings back: keep it, or save what it holds first`,
      at: [],
    };
  }
  if (!isStatefulSet(after)) return null;
  const policy = ['spec', 'persistentVolumeClaimRetentionPolicy'];
  const key = ['whenDeleted', 'whenScaled'].find((when) => field(after.document, ...policy, when) === 'Delete');
  if (key === undefined) return null;
  return {
    says: `deletes its pods' volumes (${key}: Delete). What is on them goes with the pods, and no revert brings it back: use Retain`,
    at: [...policy, key],
  };
};

function costOf(object: ManifestObject): string | null {
  if (isOneOf(object, ['PersistentVolumeClaim', 'PersistentVolume'])) return 'what is on its disk';
  if (isOneOf(object, ['CustomResourceDefinition.apiextensions.k8s.io'])) return 'every object of that kind';
  return null;
}
