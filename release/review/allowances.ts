import { isRuleName, type RuleName } from '../guard/rules.ts';

/** The trailer by which the message of a commit lets a rule be broken: `Guard-Allowed: replicas-lost: why`. */
export const allowingTrailer = 'Guard-Allowed';

/** A rule that a commit lets be broken, and why. */
export interface CommitAllowance {
  readonly rule: RuleName;
  readonly because: string;
  /** The commit, short. */
  readonly commit: string;
}

/** A commit of the range that is reviewed, and the values of its allowing trailers. */
export interface TrailingCommit {
  readonly commit: string;
  readonly trailers: readonly string[];
}

/** What commits allow. A trailer that allows nothing is told in a sentence, because its author believes that it does. */
export function allowances(commits: readonly TrailingCommit[]): {
  readonly granted: readonly CommitAllowance[];
  readonly notes: readonly string[];
} {
  const granted: CommitAllowance[] = [];
  const notes: string[] = [];
  for (const { commit, trailers } of commits) {
    for (const trailer of trailers) {
      const [, rule = '', because = ''] = /^([^:\s]*)\s*:?\s*(.*)$/.exec(trailer) ?? [];
      const note = (problem: string): number =>
        notes.push(`The trailer "${allowingTrailer}: ${trailer}" of ${commit} allows nothing: ${problem}.`);
      if (!isRuleName(rule)) note(rule === '' ? 'it names no rule' : `${rule} is no rule`);
      else if (because.trim() === '') note('it gives no reason after the rule');
      else granted.push({ rule, because: because.trim(), commit });
    }
  }
  return { granted, notes };
}
