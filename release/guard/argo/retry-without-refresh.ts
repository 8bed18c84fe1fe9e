import { isRecord } from '../../../settings/value.ts';
import { field } from '../field.ts';
import { isApplication } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

const retry = ['spec', 'syncPolicy', 'retry'];

/** Measured on Argo CD 3.6.1: retries without `refresh` stay on the commit that failed, for good, whatever is pushed. */
export const retryWithoutRefresh: ObjectRule = ({ after }) => {
  if (!isApplication(after)) return null;
  const policy = field(after.document, ...retry);
  if (!isRecord(policy) || policy['refresh'] === true || policy['limit'] === 0) return null;
  const says =
    'retries a failed sync without a look at git. It stays on the bad commit while its revert waits: set retry.refresh to true';
  return { says, at: [...retry, 'refresh'] };
};
