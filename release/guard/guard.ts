import { shownPath } from '../../git/files.ts';
import { compare } from './comparison.ts';
import type { Manifests } from './documents.ts';
import type { Finding } from './rule.ts';
import { isRuleName, rules, type RuleName } from './rules.ts';

/** One reason not to commit. */
export interface Refusal extends Finding {
  readonly rule: RuleName;
  /** What, which, why, and the way out for a release. */
  readonly sentence: string;
}

/**
 * What would cost requests or data if the manifests went from `before` to `after`. Only what changes is judged.
 *
 * @param returning the folders that become what they have been before, so that no old fault of theirs holds a rollback up
 */
export function guard(
  before: Manifests,
  after: Manifests,
  returning: ReadonlySet<string> = new Set(),
): readonly Refusal[] {
  const comparison = compare(before, after, returning);
  return Object.keys(rules)
    .filter(isRuleName)
    .flatMap((rule) => rules[rule](comparison).map((finding) => refusal(rule, finding)))
    .toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

function refusal(rule: RuleName, finding: Finding): Refusal {
  const { path, object, says } = finding;
  return {
    rule,
    ...finding,
    sentence: `${shownPath(path)}: ${object} ${says}, or allow it with --allow ${rule} --because "...".`,
  };
}
