import { posix } from 'node:path';
import type { ManifestObject } from '../documents.ts';
import { field } from '../field.ts';
import { isApplication, isWorkload } from '../kinds.ts';
import type { Rule } from '../rule.ts';

/**
 * A change that reaches staging and production in one merge is tried out on those whom staging is there to protect. Counted
 * are environments in which pods run already, and which do not just become what they have been before.
 */
export const severalEnvironments: Rule = ({ folders }) => {
  const live = new Set(folders.filter(({ before }) => before.some(isWorkload)).map(({ path }) => path));
  const touched = new Map<string, Place>();
  for (const { path, changes, returns } of folders) {
    for (const { before, after } of changes) {
      const object = after ?? before;
      const environment = isApplication(object) ? sourceOf(before ?? after) : path;
      if (live.has(environment) && !returns && !touched.has(environment)) {
        touched.set(environment, { path: object.path, line: after?.line([]) ?? 1 });
      }
    }
  }
  const [, second] = touched.values();
  if (second === undefined) return [];
  const names = [...touched.keys()].map((path) => posix.basename(path));
  return [
    {
      ...second,
      object: names.join(' and '),
      says: 'change in one merge. What is wrong with it reaches all of them at once, past the promotion that would have shown it in the first: change one environment, and the next when that one runs well (docs/guard.md)',
    },
  ];
};

interface Place {
  readonly path: string;
  readonly line: number;
}

/** The folder that an application follows. */
function sourceOf(application: ManifestObject): string {
  return String(field(application.document, 'spec', 'source', 'path'));
}
