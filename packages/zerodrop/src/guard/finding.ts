/** One reason not to merge a change, or to look at it twice. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The file, relative to the repository; empty where it is about the message of a commit. */
  readonly path: string;
  /** True where the lines are those of the file before the change: what it is about is gone. */
  readonly isGone: boolean;
  /** The commit whose message it is about, short; null where it is about a file. */
  readonly commit: string | null;
  /** Lines and columns count from 1; the end of the columns is exclusive. */
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
  /** What it is about, such as `Deployment web-staging/web`, `line 12` or `the folder manifests/staging`. */
  readonly object: string;
  /** What is wrong; follows the object's name. */
  readonly what: string;
  /** Why that costs requests or data. */
  readonly why: string;
  /** What to do instead. */
  readonly fix: string;
  /** The whole in one text: object, what, why and fix. */
  readonly sentence: string;
  /** What to write in place of the text from `line` and `column` to `endLine` and `endColumn`; null where nobody can tell. */
  readonly suggestion: string | null;
  readonly pods: number | null;
  /** The reason that an annotation of the object gives for this finding; null where it has none. */
  readonly annotated: string | null;
}

/** Where a finding is, for people. */
export function placeOf({ path, line, isGone, commit }: Pick<Finding, 'path' | 'line' | 'isGone' | 'commit'>): string {
  if (commit !== null) return `commit ${commit}`;
  return isGone ? `${path}:${line} (before the change)` : `${path}:${line}`;
}

/** What a finding about a whole line has, and about no field of an object. */
export function ofLine(line: number) {
  const place = { line, endLine: line, column: 1, endColumn: 1 };
  return { ...place, suggestion: null, pods: null, annotated: null };
}

/** The whole of a finding as one text. */
export function sentenceOf(parts: {
  readonly object: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}): string {
  return `${parts.object} ${parts.what}. ${parts.why} ${parts.fix}`;
}

/**
 * What findings are measured by: `lossless` is a repository whose folders Argo CD applies as they are, with images pinned and
 * syncs without hooks; `any` is whatever applies its manifests, and knows only what costs requests or data everywhere.
 */
export type Profile = 'lossless' | 'any';

export const profiles: readonly Profile[] = ['lossless', 'any'];

/** What a finding means: the change is refused, or its reviewers are warned. */
export type Severity = 'refuse' | 'warn';

export function isProfile(name: string): name is Profile {
  return profiles.some((profile) => profile === name);
}

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
