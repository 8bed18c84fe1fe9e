import { isNamespace } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';
import { ownSyncOptions, syncOptionsAnnotation } from './sync-options.ts';

/** The file of a namespace is small and easily lost, in a merge or a rename, and everything in the namespace with it. */
export const namespaceUnguarded: ObjectRule = ({ after }) => {
  if (!isNamespace(after)) return null;
  const options = ownSyncOptions(after);
  const missing = ['Prune', 'Delete'].filter(
    (act) => !options.includes(`${act}=confirm`) && !options.includes(`${act}=false`),
  );
  if (missing.length === 0) return null;
  const wanted = missing.map((act) => `${act}=confirm`).join(',');
  const says = `does not ask before it is deleted. When its file is lost, or its Application goes, everything in it goes as well: annotate it with ${syncOptionsAnnotation}: ${wanted}`;
  return { says, at: ['metadata', 'annotations', syncOptionsAnnotation] };
};
