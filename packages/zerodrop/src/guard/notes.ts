import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from './model/comparison.ts';

/** What reviewers should know although nothing is wrong. */
export function notesOf({ folders }: Comparison): readonly string[] {
  return folders.flatMap(({ before, after, changes }) =>
    changes.flatMap(({ before: old, after: object }) => {
      const set = object?.as('apps/StatefulSet');
      if (!object || !set || !old) return [];
      const [former, workload] = [before.workload(old), after.workload(object)];
      const isRolled = !isDeepStrictEqual(former?.template.value, workload?.template.value);
      if (!isRolled || set.at('spec', 'podManagementPolicy').value === 'Parallel') return [];
      return [
        `${object.title} rolls out in order: if its first new pod never gets ready, a revert does not replace that pod. Delete it by hand after the revert (kubernetes issue 67250).`,
      ];
    }),
  );
}
