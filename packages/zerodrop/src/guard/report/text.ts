import { styleText } from 'node:util';
import { wayOut } from '../exceptions/way-out.ts';
import { type Finding, placeOf } from '../finding.ts';
import type { Files } from '../read/files.ts';
import { type Review, verdictOf } from '../review.ts';
import { frameOf, printable } from './frame.ts';

/** What a report shows besides the review itself. */
export interface Shown {
  /** The files after the change, and before it: what is gone stands only there. */
  readonly files: Files;
  readonly before: Files;
  readonly isColoured: boolean;
}

/** A review for a terminal. */
export function text(review: Review, shown: Shown): string {
  const paint = (style: Parameters<typeof styleText>[0], words: string): string =>
    shown.isColoured ? styleText(style, words, { validateStream: false }) : words;
  const block = (finding: Finding): string => {
    const isRefusal = finding.severity === 'refuse';
    const content = (finding.isGone ? shown.before : shown.files).get(finding.path);
    return [
      `${printable(placeOf(finding))}: ${paint(isRefusal ? ['bold', 'red'] : ['bold', 'yellow'], isRefusal ? 'refused' : 'warning')} ${paint('bold', finding.rule)}`,
      ...frameOf(finding, typeof content === 'string' ? content : undefined, shown.isColoured),
      `  ${printable(`${finding.object} ${finding.what}.`)}`,
      `  ${printable(finding.why)}`,
      `  ${paint('green', printable(finding.fix))}`,
      ...(finding.suggestion === null
        ? []
        : [`  ${paint('green', `In line ${finding.line}, write: ${printable(finding.suggestion)}`)}`]),
      '',
    ].join('\n');
  };
  const allowed = review.allowed.map(
    (finding) =>
      `${printable(placeOf(finding))}: allowed ${finding.rule}: ${printable(`${finding.object} (${finding.by}: ${finding.because})`)}`,
  );
  const exceptions = review.refused.length > 0 ? wayOut(review.refused, review.origin) : '';
  const parts = [
    ...[...review.refused, ...review.warned].map(block),
    ...allowed,
    ...review.notes.map((note) => `Note: ${printable(note)}`),
    paint('bold', verdictOf(review)),
    ...(exceptions === '' ? [] : [exceptions]),
  ];
  return `${parts.join('\n')}\n`;
}
