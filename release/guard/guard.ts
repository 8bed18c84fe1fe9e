import { changes, type Change } from './change.ts';
import type { Manifests } from './documents.ts';
import { isRuleName, rules, type RuleName } from './rules.ts';

/** One reason not to commit. */
export interface Refusal {
  readonly rule: RuleName;
  /** The file, relative to the repository. */
  readonly path: string;
  /** Kind and name, such as `Deployment web-staging/web`. */
  readonly object: string;
  /** What, which, why, and the way out. */
  readonly sentence: string;
}

/**
 * What would cost requests if the manifests went from `before` to `after`. Only changed objects are judged: a fault that
 * was committed earlier is no reason to refuse a commit that does not touch its object.
 */
export function guard(before: Manifests, after: Manifests): readonly Refusal[] {
  return changes(before, after).flatMap(judge);
}

function judge(change: Change): readonly Refusal[] {
  const { path, kind, namespace, name } = change.after ?? change.before;
  const object = `${kind} ${namespace === null ? name : `${namespace}/${name}`}`;
  return Object.keys(rules)
    .filter(isRuleName)
    .flatMap((rule) => {
      const complaint = rules[rule](change);
      if (complaint === null) return [];
      const sentence = `${path}: ${object} ${complaint}, or allow it with --allow ${rule} --because "...".`;
      return [{ rule, path, object, sentence }];
    });
}
