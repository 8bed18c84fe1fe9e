import { field } from '../field.ts';
import { isApplication } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

const at = ['spec', 'syncPolicy', 'automated', 'allowEmpty'];

/** Argo CD's own last line of defence: a folder that lost its files deletes nothing, unless this is on. */
export const allowEmpty: ObjectRule = ({ after }) => {
  if (!isApplication(after) || field(after.document, ...at) !== true) return null;
  const says =
    'allows an empty folder. A commit that loses its files, by a bad merge or a failed render, deletes everything that runs: set allowEmpty to false';
  return { says, at };
};
