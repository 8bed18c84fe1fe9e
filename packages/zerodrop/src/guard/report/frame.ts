import { styleText } from 'node:util';
import type { Finding } from '../finding.ts';

/** How many lines stand before and behind the line of a finding. */
const around = 2;

/** The lines of a file around a finding, with numbers and the field underlined; nothing for a file that is not there. */
export function frameOf(finding: Finding, text: string | undefined, isColoured: boolean): readonly string[] {
  if (text === undefined) return [];
  const lines = text.split(/\r?\n/);
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
