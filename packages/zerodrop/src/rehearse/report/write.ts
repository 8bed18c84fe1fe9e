import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { UsageError } from '../../errors.ts';
import type { PlayRecord } from '../cluster.ts';
import { element, escape } from './markup.ts';
import { page } from './page.ts';
import { standalonePicture } from './picture/picture.ts';
import type { Check, ClientFigures, Figures, Report } from './schema.ts';
import { sparks } from './summary.ts';
import {
  controlLine,
  detectionLine,
  expectedAfter,
  headline,
  listed,
  longLivedLines,
  milliseconds,
  outcome,
  outOf,
  seconds,
  sentenceAndDetails,
  subline,
  versions,
} from './words.ts';

/** Writes the report in all its forms, and replaces the one that was there. Makes the folder where it has gone meanwhile. */
export async function writeReport(directory: string, report: Report): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.html': page(report),
    'report.svg': `${standalonePicture(report)}\n`,
    'junit.xml': junit(report),
    'summary.md': markdown(report),
  };
  try {
    await makeReportFolder(directory);
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text);
  } catch (cause) {
    throw new Error(`The report can't be written to ${directory}. Choose another folder with --report.`, { cause });
  }
}

/** Writes summary.md for a rehearsal that had nothing to play, in the place of the report that was there. */
export async function writeNotPlayed(directory: string, sentence: string): Promise<void> {
  await makeReportFolder(directory);
  for (const name of ['report.json', 'report.html', 'report.svg', 'junit.xml', 'samples.ndjson.gz'])
    await rm(path.join(directory, name), { force: true });
  await writeFile(path.join(directory, 'summary.md'), `## ⏭️ Rehearsal not played\n\n${sentence}\n`);
}

/**
 * Writes samples.ndjson.gz: a line of JSON for each request, in the order in which they ended, those of long-lived clients last, with times in milliseconds since the start
 * of the play. Says which connection and which pod a lost request met.
 */
export async function writeSamples(directory: string, { samples, longLived, startedAt }: PlayRecord): Promise<void> {
  const since = (at: number): number => Math.round((at - startedAt) * 10) / 10;
  const lines = samples.map(({ dueAt, sentAt, endedAt, ...told }) =>
    JSON.stringify({ dueAtMs: since(dueAt), sentAtMs: since(sentAt), endedAtMs: since(endedAt), ...told }),
  );
  const long = (longLived?.ended ?? []).map(({ startedAt: at, endedAt, ...told }) =>
    JSON.stringify({ startedAtMs: since(at), endedAtMs: since(endedAt), ...told }),
  );
  await makeReportFolder(directory);
  await writeFile(
    path.join(directory, 'samples.ndjson.gz'),
    await promisify(gzip)(`${[...lines, ...long].join('\n')}\n`),
  );
}

/** Makes the folder of a report where there is none, before anything is played for it. Throws UsageError where it can't be made. */
export async function makeReportFolder(directory: string): Promise<void> {
  try {
    await makeWithParents(path.resolve(directory));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `--report is ${directory}, which is no folder and can't be made one (${code}). Choose another.`,
      {
        cause,
      },
    );
  }
}

/** Not by the recursive mkdir of Node.js: it tries for ever where a file system answers ENOENT, as /proc does. */
async function makeWithParents(directory: string): Promise<void> {
  if (await isFolder(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) await makeWithParents(parent);
  await mkdir(directory);
}

async function isFolder(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => null);
  return found?.isDirectory() ?? false;
}

/** junit.xml: a test for each thing that the verdict looked at, and one for whether the run can be trusted. */
export function junit(report: Report): string {
  const cases = [...report.checks, { name: 'the run can be trusted', reasons: report.doubts }];
  const failures = cases.filter(({ reasons }) => reasons.length > 0).length;
  const attributes = { name: 'zerodrop rehearsal', tests: cases.length, failures, time: report.durationMs / 1_000 };
  const suite = element('testsuite', attributes, ...cases.map((each) => testCase(report.target, each)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, suite)}\n`;
}

/** They all look at the same play: only the whole takes time. */
function testCase(target: string, { name, reasons: [first, ...others] }: Check): string {
  const attributes = { classname: `rehearsal.${target}`, name };
  if (first === undefined) return element('testcase', attributes);
  const message = sentenceAndDetails(first).sentence;
  return element('testcase', attributes, element('failure', { message }, escape([first, ...others].join('\n'))));
}

/** summary.md: the report as a job summary. */
export function markdown(report: Report): string {
  const mark = { passed: '✅', failed: '❌', inconclusive: '❔' }[report.verdict];
  const blocks = [
    `## ${mark} Rehearsal ${outcome(report)}`,
    [`${headline(report)}.`, subline(report), controlLine(report)].filter((line) => line !== null).join(' '),
    bullets([...report.doubts, ...report.reasons, ...report.allowed.said]),
    fenced(sparks(report)),
    rolloutsTable(report),
    clientsTable(report),
    bullets(longLivedLines(report)),
    detectionLine(report) ?? '',
    report.control === null ? '' : `The control:\n\n${fenced(sparks(report.control))}`,
    bullets(report.warnings),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function rolloutsTable(report: Report): string {
  const rows = beside(report, (figures, whose) =>
    figures.rollouts.map((rollout) => [
      `${rollout.name}${whose}`,
      versions(rollout),
      outOf(rollout.failed, rollout.requests),
      seconds(rollout.syncedAfterMs),
      seconds(rollout.firstAnswerAfterMs),
      seconds(rollout.completeAfterMs),
      expectedAfter(rollout),
      seconds(rollout.lastOldPodGoneAfterMs),
      `${rollout.minimumReadyPods ?? '–'} of ${rollout.replicas}`,
    ]),
  );
  return tabled(
    ['rollout', 'versions', 'lost', 'synced', 'first answer', 'rolled out', 'expected', 'old pods gone', 'ready pods'],
    rows,
  );
}

function clientsTable(report: Report): string {
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
