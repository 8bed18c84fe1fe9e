import { type Finding, ofLine, sentenceOf, type Severity } from '../finding.ts';

/** Begins the annotation by which an object allows a rule for as long as it stands there: `zerodrop.dev/allow.RULE: why`. */
export const allowingAnnotation = 'zerodrop.dev/allow.';

/** What of an object is read: no more, because an importer of the package sees this type. */
interface Annotated {
  annotation(name: string): string | undefined;
}

/** The reason that an object's annotation gives for breaking a rule; null where it gives none. */
export function annotationFor(object: Annotated, rule: string): string | null {
  const reason = object.annotation(`${allowingAnnotation}${rule}`)?.trim();
  return reason === undefined || reason === '' ? null : reason;
}

/** The rule that reports exceptions without effect, of annotations as well. */
export const ineffectiveRule = 'exception-ineffective';
export const whyIneffective = 'Its author believes that the finding is allowed, and nobody is told otherwise.';

/** A trailer that has no effect, or another one than its author believes, and why. */
export interface Ineffective {
  readonly commit: string;
  /** Its line of the message. */
  readonly trailer: string;
  /** What is wrong with it; follows what it says. */
  readonly what: string;
  readonly fix: string;
}

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
