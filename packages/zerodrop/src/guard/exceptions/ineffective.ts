import { type Finding, ofLine, sentenceOf } from '../finding.ts';
import type { Severity } from '../profile.ts';
import type { Ineffective } from './trailer.ts';

/** The rule that reports exceptions without effect, of annotations as well. */
export const ineffectiveRule = 'exception-ineffective';
export const whyIneffective = 'Its author believes that the finding is allowed, and nobody is told otherwise.';

/** Trailers that have no effect, as findings about the messages of their commits. */
export function findingsOfTrailers(ineffective: readonly Ineffective[], severity: Severity): readonly Finding[] {
  return ineffective.map(({ commit, trailer, what, fix }) => {
    const parts = { object: `the trailer "${trailer}"`, what, why: whyIneffective, fix };
    return {
      rule: ineffectiveRule,
      severity,
      path: '',
      isGone: false,
      commit,
      ...ofLine(1),
      ...parts,
      sentence: sentenceOf(parts),
    };
  });
}
