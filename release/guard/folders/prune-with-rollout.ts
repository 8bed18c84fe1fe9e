import { isDeepStrictEqual } from 'node:util';
import { nameOf } from '../change.ts';
import { field } from '../field.ts';
import { isWorkload } from '../kinds.ts';
import { templateOf } from '../pods.ts';
import { findingAt, type Rule } from '../rule.ts';

/**
 * With PruneLast, what leaves git goes when all else is healthy. A version that never becomes healthy keeps that sync open, and
 * its own revert waits behind it. A folder that becomes what it has been before brings a version that has run.
 */
export const pruneWithRollout: Rule = ({ folders }) =>
  folders.flatMap(({ changes, returns }) => {
    if (returns) return [];
    const pruned = changes.find(({ after }) => after === null)?.before;
    if (pruned === undefined || pruned === null) return [];
    return changes.flatMap(({ before, after }) => {
      if (!isWorkload(after)) return [];
      const template = templateOf(after) ?? [];
      if (isDeepStrictEqual(field(before?.document, ...template), field(after.document, ...template))) return [];
      const says = `starts new pods in a commit that also takes away ${nameOf(pruned)}. Pruning waits until they are healthy, and where they never are, the revert waits as well: make it two commits, one after the other`;
      return [findingAt(after, { says, at: [...template, 'spec'] })];
    });
  });
