import { styleText } from 'node:util';
import { wayOut } from '../exceptions.ts';
import { type Finding, placeOf } from '../finding.ts';
import type { Files } from '../read/files.ts';
import { type Review, verdictOf } from '../review.ts';

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

/** How many lines stand before and behind the line of a finding. */
const around = 2;

/** The lines of a file around a finding, with numbers and the field underlined; nothing for a file that is not there. */
function frameOf(finding: Finding, content: string | undefined, isColoured: boolean): readonly string[] {
  if (content === undefined) return [];
  const lines = content.split(/\r?\n/);
  if (finding.line > lines.length) return [];
  const first = Math.max(1, finding.line - around);
  const last = Math.min(lines.length, finding.line + around);
  const width = String(last).length;
  const colour = finding.severity === 'refuse' ? 'red' : 'yellow';
  const paint = (style: Parameters<typeof styleText>[0], words: string): string =>
    isColoured ? styleText(style, words, { validateStream: false }) : words;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((number) => {
    const line = printable(lines[number - 1] ?? '');
    const isMarked = number === finding.line;
    const gutter = `${isMarked ? '>' : ' '} ${String(number).padStart(width)} | `;
    const shown = `${paint('dim', gutter)}${line}`.trimEnd();
    if (!isMarked || finding.column >= finding.endColumn || finding.line !== finding.endLine) return [shown];
    const length = Math.max(1, Math.min(finding.endColumn, line.length + 1) - finding.column);
    return [
      shown,
      `${paint('dim', `  ${' '.repeat(width)} | `)}${' '.repeat(finding.column - 1)}${paint(colour, '^'.repeat(length))}`,
    ];
  });
}

/** A line of a file without what a terminal would obey. */
export function printable(words: string): string {
  return words
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
