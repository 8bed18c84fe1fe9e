import type { ClientFigures, Figures, Report } from './schema.ts';
import { sparks } from './text.ts';
import { controlLine, expectedAfterMs, headline, listed, milliseconds, outOf, seconds, subline } from './words.ts';

/** summary.md: the report as a job summary. */
export function markdown(report: Report): string {
  const mark = report.verdict === 'passed' ? '✅' : '❌';
  const blocks = [
    `## ${mark} Rehearsal ${report.verdict}: ${headline(report)}`,
    [subline(report), controlLine(report)].filter((line) => line !== null).join(' '),
    bullets(report.reasons),
    fenced(sparks(report)),
    rollouts(report),
    clients(report),
    report.control === null ? '' : `The control:\n\n${fenced(sparks(report.control))}`,
    bullets(report.warnings),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function rollouts(report: Report): string {
  const rows = beside(report, (figures, whose) =>
    figures.rollouts.map((rollout) => [
      `${rollout.name}${whose}`,
      `${rollout.from ?? 'nothing'} → ${rollout.to}`,
      outOf(rollout.failed, rollout.requests),
      seconds(rollout.syncedAfterMs),
      seconds(rollout.firstAnswerAfterMs),
      seconds(rollout.completeAfterMs),
      seconds(expectedAfterMs(rollout)),
      seconds(rollout.lastOldPodGoneAfterMs),
      `${rollout.minimumReadyPods ?? '–'} of ${rollout.replicas}`,
    ]),
  );
  return tabled(
    ['rollout', 'versions', 'lost', 'synced', 'first answer', 'rolled out', 'expected', 'old pods gone', 'ready pods'],
    rows,
  );
}

function clients(report: Report): string {
  const rows = beside(report, (figures, whose) => figures.clients.map((client) => clientCells(client, whose)));
  return tabled(['client', 'lost', 'as', 'latency p50', 'latency p99', 'lateness p99'], rows);
}

function clientCells(client: ClientFigures, whose: string): readonly string[] {
  const { kind, failed, sent, failures, latencyMs, latenessMs } = client;
  return [
    `${kind}${whose}`,
    outOf(failed, sent),
    listed(failures) || '–',
    milliseconds(latencyMs.p50),
    milliseconds(latencyMs.p99),
    milliseconds(latenessMs.p99),
  ];
}

function beside(
  report: Report,
  rows: (figures: Figures, whose: string) => readonly (readonly string[])[],
): readonly (readonly string[])[] {
  return [...rows(report, ''), ...(report.control === null ? [] : rows(report.control, ', control'))];
}

function tabled(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const rule = head.map((_, n) => (n === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fenced(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ['```text', ...lines, '```'].join('\n');
}

/** A list whose items are one line each: a pod's last words must not become markup of their own. */
function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item.replace(/\s+/g, ' ').replace(/[`<|]/g, '\\$&')}`).join('\n');
}
