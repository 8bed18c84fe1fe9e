import { versionsOf } from '../picture/versions.ts';
import type { Figures, Second } from '../schema.ts';
import { seconds } from '../words.ts';

const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const widest = 72;

/** Lines of text that show which version answered, and what was lost, from left to right: a picture for a terminal. */
export function sparks({ timeline }: Figures): readonly string[] {
  const load = timeline.filter((entry) => entry.kind === 'requests');
  const first = load[0];
  const last = load.at(-1);
  if (first === undefined || last === undefined) return [];
  const columns = merged(load, Math.ceil(load.length / widest));
  const versions = versionsOf(timeline);
  const lost = columns.map((column) => share(column, (second) => second.failed));
  const from = seconds(first.atMs);
  const to = seconds(last.atMs + last.durationMs).padStart(Math.max(columns.length - from.length, 8));
  const rows = versions.map((version) =>
    row(
      version,
      columns.map((column) => share(column, (second) => second.answers[version] ?? 0)),
    ),
  );
  return [...rows, ...(lost.some((part) => part > 0) ? [row('lost', lost)] : []), row('', [`${from}${to}`])];
}

type Column = readonly Second[];

function merged(load: readonly Second[], perColumn: number): readonly Column[] {
  return Array.from({ length: Math.ceil(load.length / perColumn) }, (_, n) =>
    load.slice(n * perColumn, (n + 1) * perColumn),
  );
}

/** The part of a column's requests that a count stands for, from 0 to 1. */
function share(column: Column, of: (second: Second) => number): number {
  const all = column.reduce(
    (sum, { answers, failed }) => sum + failed + Object.values(answers).reduce((a, b) => a + b, 0),
    0,
  );
  return all === 0 ? 0 : column.reduce((sum, second) => sum + of(second), 0) / all;
}

function row(name: string, values: readonly (number | string)[]): string {
  const drawn = values.map((value) => (typeof value === 'string' ? value : spark(value)));
  return `${name.padEnd(6)}${drawn.join('')}`.trimEnd();
}

/** One lost request of hundreds is shown too: only nothing is blank. */
function spark(part: number): string {
  return levels[Math.ceil(part * (levels.length - 1))] ?? ' ';
}
