import type { ClientFigures, Report, RolloutFigures } from './schema.ts';
import { columns, type Paint, plain, sparks, wrapped } from './text.ts';
import { expectedAfterMs, headline, milliseconds, outOf, seconds, subline } from './words.ts';

const most = 25;
const width = 100;

/** The report for a terminal: at most 25 lines of at most 100 columns, without colour unless a paint brings it. */
export function summarize(report: Report, paint: Paint = plain): string {
  const [first = '', ...more] = [
    ...wrapped('', `Rehearsal ${report.verdict}: ${headline(report)}. ${subline(report)}`, width),
    ...report.reasons.flatMap((reason) => wrapped('✗ ', reason, width)),
  ];
  const lines = [
    '',
    ...columns(clientRows(report)),
    '',
    ...columns(rolloutRows(report)),
    '',
    ...sparks(report),
    ...report.warnings.flatMap((warning) => wrapped('! ', warning, width)),
  ].map(cut);
  // Figures before words: a verdict with many reasons must not push its figures out of sight.
  const room = Math.max(1, most - 1 - lines.length);
  const reasons = fitted(more, room).map((line) => paint('red', cut(line)));
  const tone = report.verdict === 'passed' ? 'green' : 'red';
  return [paint(tone, cut(first)), ...reasons, ...fitted(lines, most - 1 - reasons.length)].join('\n');
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
  const head = ['', 'synced', 'first answer', 'rolled out', 'expected', 'old pods gone', 'ready pods', 'lost'];
  return rollouts.length === 0 ? [] : [head, ...rollouts.map(rolloutRow)];
}

function rolloutRow(rollout: RolloutFigures): readonly string[] {
  const { name, from, to, replicas, minimumReadyPods, failed, requests } = rollout;
  return [
    `${name} ${from ?? 'nothing'} → ${to}`,
    seconds(rollout.syncedAfterMs),
    seconds(rollout.firstAnswerAfterMs),
    seconds(rollout.completeAfterMs),
    seconds(expectedAfterMs(rollout)),
    seconds(rollout.lastOldPodGoneAfterMs),
    `${minimumReadyPods ?? '–'} of ${replicas}`,
    outOf(failed, requests),
  ];
}

/** As many lines as there is room for; the last one says how many are left out. */
function fitted(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} lines more in report.json`];
}

function cut(line: string): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
