import { listField } from '../field.ts';
import { isApplication } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';
import { deletesItsObjects } from './finalizer.ts';

/** Without it, a lost file in argocd/ is an inconvenience. With it, it is the end of what runs. */
export const finalizerAdded: ObjectRule = ({ after }) => {
  if (!isApplication(after)) return null;
  const finalizers = listField(after.document, 'metadata', 'finalizers');
  const index = finalizers.findIndex(deletesItsObjects);
  if (index === -1) return null;
  return {
    says: `has the finalizer ${String(finalizers[index])}. When this file is lost, everything that the application has made is deleted: leave it out`,
    at: ['metadata', 'finalizers', index],
  };
};
