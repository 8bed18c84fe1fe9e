import type { Folder } from '../comparison.ts';
import type { ManifestObject } from '../documents.ts';
import { field } from '../field.ts';
import { isApplication, isProject } from '../kinds.ts';
import { type Finding, findingAt, type Rule } from '../rule.ts';
import { needsOf } from './permission.ts';

/** Argo CD denies a sync as a whole where the project does not permit one thing of it, and the sync of a revert as well. */
export const projectNarrowed: Rule = ({ folders }) =>
  folders.flatMap((folder) =>
    folder.changes.flatMap(({ before, after }): readonly Finding[] => {
      if (!isProject(before) || !isProject(after)) return [];
      const lost = folder.after
        .filter(isApplication)
        .filter(({ document }) => field(document, 'spec', 'project') === after.name)
        .flatMap((application) => needsOf(application, appliedBy(application, folders)))
        .find((need) => need.isPermitted(before.document) && !need.isPermitted(after.document));
      if (lost === undefined) return [];
      const says = `no longer permits ${lost.name}, which its applications use. Each of their syncs is denied as a whole, also that of a rollback: keep it in ${lost.list} until nothing uses it`;
      return [findingAt(after, { says, at: ['spec', lost.list] })];
    }),
  );

function appliedBy({ document }: ManifestObject, folders: readonly Folder[]): readonly ManifestObject[] {
  return folders.find(({ path }) => path === field(document, 'spec', 'source', 'path'))?.after ?? [];
}
