import type { Files, Finding } from '../../src/guard/index.ts';

/**
 * A finding as the pages of the rules show it: how severe it is and what is wrong, why, and the way out; then the text it points
 * at, and what can be put in its place.
 */
export function shown(finding: Finding, files: Files): string {
  const { severity, object, what, why, fix, suggestion } = finding;
  const place = placeOf(finding, files);
  const at = place === '' ? [] : [`At: ${place}`];
  return [
    `${severity}: ${object} ${what}.`,
    why,
    fix,
    ...at,
    ...(suggestion === null ? [] : [`Suggested: ${suggestion}`]),
  ].join('\n');
}

/** The text that a finding points at; nothing where the object is gone. */
function placeOf({ path, line, endLine, column, endColumn, isGone }: Finding, files: Files): string {
  const text = files.get(path);
  const own = typeof text === 'string' ? (text.split('\n')[line - 1] ?? '') : '';
  const isPoint = endLine === line && endColumn === column;
  if (isGone || (isPoint && line === 1)) return '';
  return own.slice(column - 1, line === endLine && !isPoint ? endColumn - 1 : undefined);
}

/** A finding in one line: its rule, the text that it points at, and what is wrong. */
export function inShort(finding: Finding, files: Files): string {
  const { rule, severity, object, what } = finding;
  const place = placeOf(finding, files).trim();
  return `${rule}${severity === 'warn' ? ' (warn)' : ''}${place === '' ? '' : ` at ${place}`}: ${object} ${what}`;
}
