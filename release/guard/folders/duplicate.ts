import { identity } from '../change.ts';
import type { ManifestObject } from '../documents.ts';
import { type Finding, findingAt, type Rule } from '../rule.ts';

/** Argo CD only warns of an object that stands twice in a folder, and which of both runs is a matter of luck. */
export const duplicate: Rule = ({ folders, files }) => {
  const changed = new Set(files.map(({ path }) => path));
  const seen = new Map<string, ManifestObject>();
  return folders
    .flatMap(({ after }) => after)
    .flatMap((object): readonly Finding[] => {
      const first = seen.get(identity(object));
      seen.set(identity(object), object);
      if (first === undefined || !(changed.has(object.path) || changed.has(first.path))) return [];
      const says = `stands in ${first.path}, line ${first.line([])}, too. Which of both runs is a matter of luck, and where two applications have it, neither is synced: keep one`;
      return [findingAt(object, { says, at: [] })];
    });
};
