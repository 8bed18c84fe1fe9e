import type { Severity } from './profile.ts';

/** One reason not to merge a change, or to look at it twice. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The file, relative to the repository. */
  readonly path: string;
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
  readonly suggestion: string | null;
  readonly pods: number | null;
  /** The reason that an annotation of the object gives for this finding; null where it has none. */
  readonly annotated: string | null;
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
