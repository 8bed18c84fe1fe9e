import { styleText } from 'node:util';
import { allowingAnnotation } from '../exceptions/annotation.ts';
import { allowingTrailer } from '../exceptions/trailer.ts';
import type { Finding } from '../finding.ts';
import type { Files } from '../read/files.ts';
import { type Review, verdictOf } from '../review.ts';
import { frameOf, printable } from './frame.ts';

/** How a person who knows better gets past a rule. */
export const wayOut = `To allow a finding, add to the message of a commit of this branch: ${allowingTrailer}: RULE Kind/name: why. For as long as an object stands there: the annotation ${allowingAnnotation}RULE: why.`;

/** What a report shows besides the review itself. */
export interface Shown {
  /** The files after the change. */
  readonly files: Files;
  readonly isColoured: boolean;
}

/** A review for a terminal. */
export function text(review: Review, shown: Shown): string {
  const paint = (style: Parameters<typeof styleText>[0], words: string): string =>
    shown.isColoured ? styleText(style, words, { validateStream: false }) : words;
  const block = (finding: Finding): string => {
    const isRefusal = finding.severity === 'refuse';
    const content = shown.files.get(finding.path);
    return [
      `${printable(finding.path)}:${finding.line}: ${paint(isRefusal ? ['bold', 'red'] : ['bold', 'yellow'], isRefusal ? 'refused' : 'warning')} ${paint('bold', finding.rule)}`,
      ...frameOf(finding, typeof content === 'string' ? content : undefined, shown.isColoured),
      `  ${printable(`${finding.object} ${finding.what}.`)}`,
      `  ${printable(finding.why)}`,
      `  ${paint('green', printable(finding.fix))}`,
      '',
    ].join('\n');
  };
  const allowed = review.allowed.map(
    ({ rule, path, line, object, by, because }) =>
      `${printable(path)}:${line}: allowed ${rule}: ${printable(`${object} (${by}: ${because})`)}`,
  );
  const parts = [
    ...[...review.refused, ...review.warned].map(block),
    ...allowed,
    ...review.notes.map((note) => `Note: ${printable(note)}`),
    paint('bold', verdictOf(review)),
    ...(review.refused.length > 0 ? [wayOut] : []),
  ];
  return `${parts.join('\n')}\n`;
}
