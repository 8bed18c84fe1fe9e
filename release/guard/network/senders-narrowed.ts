import { listField } from '../field.ts';
import { isService } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

const at = ['spec', 'loadBalancerSourceRanges'];
const everyone: ReadonlySet<unknown> = new Set(['0.0.0.0/0', '::/0']);

/** The load balancer drops what comes from elsewhere, before any pod sees it. A Service that names no range is for everyone. */
export const sendersNarrowed: ObjectRule = ({ before, after }) => {
  if (!isService(before) || !isService(after)) return null;
  const now = listField(after.document, ...at);
  if (now.length === 0 || now.some((range) => everyone.has(range))) return null;
  const old = listField(before.document, ...at);
  const lost = old.find((range) => !now.includes(range));
  if (old.length > 0 && lost === undefined) return null;
  const what = lost === undefined ? `lets in none but ${now.join(', ')}` : `no longer lets ${String(lost)} in`;
  const says = `${what}. Who sent from elsewhere is cut off at once, and every pod stays ready: keep them in loadBalancerSourceRanges`;
  return { says, at };
};
