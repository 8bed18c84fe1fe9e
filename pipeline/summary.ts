import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import type { Report, Second, TimelineEntry } from 'zerodrop/rehearse';
import { type Ended, ended, readArguments, required } from './command.ts';

/** What a rehearsal left in its report folder, for a job's summary: its own words, and a picture that GitHub draws. */
export async function rehearsalSummary(directory: string): Promise<string> {
  try {
    const words = await readFile(join(directory, 'summary.md'), 'utf8');
    const report: Report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'));
    return `${withoutFiles(words).trimEnd()}\n\n${picture(report)}`;
  } catch (cause) {
    throw new OperationError(`${directory} has no report: the rehearsal ended before it wrote one. Its log says why.`, {
      cause,
    });
  }
}

/** Pictures beside the report are not there for whoever reads the summary. */
function withoutFiles(markdown: string): string {
  return markdown.replaceAll(/!\[[^\]]*\]\((?!https:)[^)]*\)\n?/g, '');
}

/** Squares that people see and colours that Mermaid draws with, in the order of the lines. Red is for failures alone. */
const colours = [
  ['🟦', '#0969da'],
  ['🟩', '#1a7f37'],
  ['🟪', '#8250df'],
  ['🟧', '#bc4c00'],
] as const;
const failure = ['🟥', '#cf222e'] as const;

interface Line {
  readonly name: string;
  readonly square: string;
  readonly colour: string;
  /** A number each second. */
  readonly perSecond: readonly number[];
}

/**
 * Requests per second by version, as a Mermaid chart: a job's summary shows no other picture, it strips SVG and images
 * that are not on the web.
 */
export function picture(report: Report): string {
  const seconds = report.timeline.filter((entry) => isSecond(entry));
  if (seconds.length === 0) return '';
  const drawn = lines(seconds);
  const most = Math.max(1, ...drawn.flatMap(({ perSecond }) => perSecond));
  const palette = drawn.map(({ colour }) => colour).join(', ');
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${palette}"}}}}%%`,
    'xychart-beta',
    `  x-axis "seconds" 0 --> ${seconds.length}`,
    `  y-axis "requests per second" 0 --> ${most}`,
    ...drawn.map(({ perSecond }) => `  line [${perSecond.join(', ')}]`),
    '```',
    '',
    drawn.map(({ square, name }) => `${square} ${name}`).join(' · '),
    '',
  ].join('\n');
}

function isSecond(entry: TimelineEntry): entry is { readonly atMs: number } & Second {
  return entry.kind === 'requests';
}

function lines(seconds: readonly Second[]): Line[] {
  const versions = [...new Set(seconds.flatMap(({ answers }) => Object.keys(answers)))];
  const served = versions.map((name, index) => {
    const [square, colour] = colours[index % colours.length] ?? colours[0];
    return { name, square, colour, perSecond: seconds.map((second) => rate(second.answers[name] ?? 0, second)) };
  });
  const [square, colour] = failure;
  // Last, so that it is drawn over the others.
  return [
    ...served,
    { name: 'failed', square, colour, perSecond: seconds.map((second) => rate(second.failed, second)) },
  ];
}

/** The last second of a load is seldom a whole one. */
function rate(count: number, { durationMs }: Second): number {
  return Math.round((count * 1_000) / durationMs);
}

/** `summary DIR`: a rehearsal's report in Markdown. */
export async function summaryCommand(args: readonly string[]): Promise<Ended> {
  const { positionals } = readArguments(args, {}, 1);
  return ended(await rehearsalSummary(required('The report folder', positionals[0])));
}
