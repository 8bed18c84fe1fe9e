import { styleText } from 'node:util';
import { versionsOf } from './markup.ts';
import type { ClientFigures, Figures, Report, RolloutFigures, Second } from './schema.ts';
import {
  detectionLine,
  expectedAfter,
  headline,
  longLivedLines,
  milliseconds,
  outOf,
  seconds,
  sentenceAndDetails,
  subline,
  versions,
} from './words.ts';

const most = 25;
const lineWidth = 100;

/** The report for a terminal: at most 25 lines of at most 100 columns, without colour unless a paint brings it. */
export function summarize(report: Report, paint: Paint = plain): string {
  const said = `Rehearsal ${report.verdict}, ${headline(report)}. ${subline(report)}`;
  const tone = ({ passed: 'green', failed: 'red', inconclusive: 'yellow' } as const)[report.verdict];
  // The verdict alone: a failed run must not shout that nothing was lost.
  const verdict = `Rehearsal ${report.verdict}`;
  const head = wrapped('', said, lineWidth).map((line) => cut(line).replace(verdict, paint(tone, verdict)));
  // What is cut are reasons, which are many: a doubt says whether they count.
  const why = [
    ...report.doubts.flatMap((doubt) => wrapped('? ', doubt, lineWidth)),
    ...report.reasons.flatMap(reasonLines),
    ...report.allowed.said.flatMap((what) => wrapped('= ', what, lineWidth)),
  ];
  const lines = [
    '',
    ...columns(clientRows(report)),
    '',
    ...columns(rolloutRows(report)),
    '',
    ...sparks(report),
    ...longLivedLines(report).flatMap((line) => wrapped('', line, lineWidth)),
    ...wrapped('', detectionLine(report) ?? '', lineWidth),
    ...report.warnings.flatMap((warning) => wrapped('! ', warning, lineWidth)),
  ].map(cut);
  // Figures before words: a verdict with many reasons must not push its figures out of sight.
  const room = Math.max(1, most - head.length - lines.length);
  const shown = fitted(why, room).map((line) => paint(tone, cut(line)));
  return [...head, ...shown, ...fitted(lines, most - head.length - shown.length)].join('\n');
}

/** So many lines of what the cluster and the pod said stand below a reason: the rest is in the report. */
const mostDetails = 4;

function reasonLines(reason: string): readonly string[] {
  const { sentence, details } = sentenceAndDetails(reason);
  return [...wrapped('✗ ', sentence, lineWidth), ...details.slice(-mostDetails).map((line) => `    ${line.trim()}`)];
}

function clientRows({ settings, clients, control }: Report): readonly (readonly string[])[] {
  const controlled = control === null ? [] : [control.clients];
  const plays = [clients, ...controlled];
  const head = ['', settings === 'ours' ? 'our settings' : 'the original', ...controlled.map(() => 'the control')];
  const kinds = clients.map(({ kind }, n) => [kind, ...plays.map((play) => told(play[n]))]);
  const late = plays.map((play) => play.map(({ latenessMs }) => milliseconds(latenessMs.p99)).join(' and '));
  return [head, ...kinds, ['sent late by p99', ...late]];
}

function told(client: ClientFigures | undefined): string {
  if (client === undefined) return '';
  return `${outOf(client.failed, client.sent)} lost, p99 ${milliseconds(client.latencyMs.p99)}`;
}

function rolloutRows({ rollouts }: Report): readonly (readonly string[])[] {
  // What was lost comes first: a long line is cut at its end.
  const head = ['', 'lost', 'synced', 'answered', 'rolled out', 'expected', 'old gone', 'ready'];
  return rollouts.length === 0 ? [] : [head, ...rollouts.map(rolloutRow)];
}

function rolloutRow(rollout: RolloutFigures): readonly string[] {
  const { name, replicas, minimumReadyPods, failed, requests } = rollout;
  return [
    `${name} ${versions(rollout)}`,
    outOf(failed, requests),
    seconds(rollout.syncedAfterMs),
    seconds(rollout.firstAnswerAfterMs),
    seconds(rollout.completeAfterMs),
    expectedAfter(rollout),
    seconds(rollout.lastOldPodGoneAfterMs),
    `${minimumReadyPods ?? '–'} of ${replicas}`,
  ];
}

/** As many lines as there is room for; the last one says how many are left out. */
function fitted(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} lines more in report.json`];
}

function cut(line: string): string {
  return line.length > lineWidth ? `${line.slice(0, lineWidth - 1)}…` : line;
}

/** Lays out cells in columns two spaces apart, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Gives a text a tone. */
export type Paint = (tone: Tone, text: string) => string;

type Tone = 'green' | 'red' | 'yellow';

/** No colour: for files, pipes and logs. */
export function plain(_: Tone, text: string): string {
  return text;
}

/** Colour for a terminal. Whoever asks for it has looked at the terminal: `styleText` need not look again. */
export function coloured(tone: Tone, text: string): string {
  return styleText(tone, text, { validateStream: false });
}

/** Whether a stream gets colours: on a terminal that is not dumb, unless NO_COLOR says no or FORCE_COLOR says yes. */
export function isColoured(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = environment;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && NO_COLOR === '' && TERM !== 'dumb';
}

/** Breaks a text between words, so that no line is longer than `width`. The first line begins with the bullet. */
export function wrapped(bullet: string, text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && bullet.length + longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  const indent = ' '.repeat(bullet.length);
  return [...lines, line].map((each, n) => `${n === 0 ? bullet : indent}${each}`);
}

const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const widest = 72;

/** Lines of text that show which version answered, and what was lost, from left to right: a picture for a terminal. */
export function sparks({ timeline }: Figures): readonly string[] {
  const load = timeline.filter((entry) => entry.kind === 'requests');
  const first = load[0];
  const last = load.at(-1);
  if (first === undefined || last === undefined) return [];
  const parts = merged(load, Math.ceil(load.length / widest));
  const answered = versionsOf(timeline);
  const lost = parts.map((column) => share(column, (second) => second.failed));
  const from = seconds(first.atMs);
  const to = seconds(last.atMs + last.durationMs).padStart(Math.max(parts.length - from.length, 8));
  const rows = answered.map((version) =>
    sparkRow(
      version,
      parts.map((column) => share(column, (second) => second.answers[version] ?? 0)),
    ),
  );
  return [...rows, ...(lost.some((part) => part > 0) ? [sparkRow('lost', lost)] : []), sparkRow('', [`${from}${to}`])];
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

function sparkRow(name: string, values: readonly (number | string)[]): string {
  const drawn = values.map((value) => (typeof value === 'string' ? value : spark(value)));
  return `${name.padEnd(6)}${drawn.join('')}`.trimEnd();
}

/** One lost request of hundreds is shown too: only nothing is blank. */
function spark(part: number): string {
  return levels[Math.ceil(part * (levels.length - 1))] ?? ' ';
}
