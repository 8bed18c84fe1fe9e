import { listField } from '../field.ts';
import { isApplication, isProject } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';
import { deletesItsObjects } from './finalizer.ts';

/** An application that is gone takes nothing along, and leaves nobody to follow git; with a finalizer it takes everything. */
export const applicationRemoved: ObjectRule = ({ before, after }) => {
  if (after !== null) return null;
  if (isProject(before)) {
    return {
      says: 'is gone, or has another name now. Its applications are refused every sync, also that of a revert: remove them first, in a commit of their own',
      at: [],
    };
  }
  if (!isApplication(before)) return null;
  const cost = listField(before.document, 'metadata', 'finalizers').some(deletesItsObjects)
    ? 'Its finalizer deletes everything that it has made'
    : 'What it has made runs on, and nobody rolls it out or back any more';
  return { says: `is gone, or has another name now. ${cost}: keep it, or take the service down first`, at: [] };
};
