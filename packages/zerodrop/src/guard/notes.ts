import { isDeepStrictEqual } from 'node:util';
import type { Change, Comparison, FolderComparison } from './model/comparison.ts';
import { podReferences } from './model/references.ts';
import { hashedSuccessor } from './model/successor.ts';
import { isKept } from './model/sync.ts';

/** What reviewers should know although nothing is wrong. */
export function notesOf({ folders }: Comparison): readonly string[] {
  return folders.flatMap((folder) =>
    folder.changes.flatMap((change) => [...ofStatefulSet(change, folder), ...ofHashedName(change, folder)]),
  );
}

function ofStatefulSet({ before: old, after: object }: Change, { before, after }: FolderComparison): readonly string[] {
  const set = object?.as('apps/StatefulSet');
  if (!object || !set || !old) return [];
  const [former, workload] = [before.workload(old), after.workload(object)];
  const isRolled = !isDeepStrictEqual(former?.template.value, workload?.template.value);
  if (!isRolled || set.at('spec', 'podManagementPolicy').value === 'Parallel') return [];
  return [
    `${object.title} rolls out in order: if its first new pod never gets ready, a revert does not replace that pod. Delete it by hand after the revert (kubernetes issue 67250).`,
  ];
}

/** Old pods run on while the new ones start, and need what they were started with when they start again. */
function ofHashedName({ before: gone, after: next }: Change, folder: FolderComparison): readonly string[] {
  if (gone === null || next !== null || isKept(gone)) return [];
  const successor = hashedSuccessor(gone, folder);
  if (successor === undefined) return [];
  const isUsed = folder.before.workloads.some((workload) =>
    podReferences(workload).some(({ kind, name }) => kind === gone.kind && name === gone.name),
  );
  if (!isUsed) return [];
  const waiting = folder.isOfArgo
    ? ' With PruneLast, Argo CD deletes it only when the new pods are healthy; if they never are, the sync stays open, and the revert waits behind it.'
    : '';
  return [
    `${gone.title} goes in the change that brings ${successor.title}. Where it is deleted at once, an old pod that starts again during the rollout can't start.${waiting} Keep it beside the new one, and delete it in a later change.`,
  ];
}
