import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import type { Report, Second, TimelineEntry } from 'zerodrop/rehearse';
import { type Ended, ended, readArguments, required } from './command.ts';

/** What a rehearsal left in its report folder, for a job's summary: its own words, and a picture that GitHub draws. */
export async function rehearsalSummary(directory: string): Promise<string> {
  try {
    const words = withoutFiles(await readFile(join(directory, 'summary.md'), 'utf8')).trimEnd();
    // Where nothing rolls out, nothing is played.
    const text = await readFile(join(directory, 'report.json'), 'utf8').catch(() => null);
    if (text === null) return `${words}\n`;
    const report: Report = JSON.parse(text);
    return `${words}\n\n${picture(report)}`;
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
export function picture(report: Pick<Report, 'timeline'>): string {
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

/** A longer picture is one of somebody's making: no rehearsal takes a quarter of an hour. */
const mostSeconds = 900;

/** The seconds of a report of anybody: numbers, and the plain names of versions. */
export function secondsIn(report: unknown): Report['timeline'] {
  const { timeline }: { timeline?: unknown } = Object(report);
  return (Array.isArray(timeline) ? timeline : [])
    .filter((entry) => Object(entry).kind === 'requests')
    .slice(0, mostSeconds)
    .map((entry) => {
      const { atMs, durationMs, failed, answers } = Object(entry);
      const named = Object.entries(Object(answers)).filter(([name]) => /^[\w.-]{1,20}$/.test(name));
      return {
        kind: 'requests',
        atMs: numberOf(atMs),
        durationMs: Math.max(1, numberOf(durationMs)),
        answers: Object.fromEntries(named.slice(0, 4).map(([name, answered]) => [name, numberOf(answered)])),
        failed: numberOf(failed),
        failures: {},
        latencyMs: { p50: 0, p99: 0, max: 0 },
      };
    });
}

/** A number as a report has it, and nothing that grows a picture beyond measure. */
function numberOf(value: unknown): number {
  const found = Number(value);
  return found >= 0 && found < 1e9 ? found : 0;
}

/** `summary DIR`: a rehearsal's report in Markdown. */
export async function summaryCommand(args: readonly string[]): Promise<Ended> {
  const { positionals } = readArguments(args, {}, 1);
  return ended(await rehearsalSummary(required('The report folder', positionals[0])));
}

/** Ask for no more than their text beside a copy. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Public Domain',
  'Python-2.0',
  'Unlicense',
]);

/** Ask for their own source (MPL) or their author's name (CC-BY, of data) when they are passed on. Tools are not. */
const toolsOnly = new Set(['CC-BY-4.0', 'MPL-2.0']);

/** A sentence for each package under a licence that nobody has agreed to yet. */
export function licenceProblems(packages: readonly Package[]): string[] {
  return packages
    .filter(({ licence, ships }) => !isAllowed(licence, ships))
    .map(({ name, version, licence, ships }) => {
      const where = ships ? 'ships in the image' : 'is a tool';
      return `${name} ${version} ${where} and its licence is ${licence}. Use another, or allow it in pipeline/licences.ts.`;
    });
}

/** Reads `A OR B` and `A AND B`, with or without brackets around them; packages use nothing deeper. */
function isAllowed(expression: string, ships: boolean): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const one = (licence: string) => permissive.has(licence) || (!ships && toolsOnly.has(licence));
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((part) => one(part)));
}

/** A package of the lockfile. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package itself says. */
  readonly licence: string;
  /** True for what the service is made of and ships in its image. */
  readonly ships: boolean;
}

/** What of npm's lockfile (version 3) matters here. */
interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly link?: boolean }
    >
  >;
}

/** The packages of a lockfile, each version once, by name. */
export function packagesOf(lockfile: Lockfile): Package[] {
  const found = new Map<string, Package>();
  for (const [path, { version = '', license = 'none', dev = false, link = false }] of Object.entries(
    lockfile.packages,
  )) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (name === '' || link) continue;
    const key = `${name}@${version}`;
    const ships = !dev || found.get(key)?.ships === true;
    found.set(key, { name, version, licence: license, ships });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The licences in Markdown: how many packages are under each, and every package that ships. */
export function licenceReport(packages: readonly Package[]): string {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted();
  const rows = licences.map((licence) => {
    const under = packages.filter((found) => found.licence === licence);
    const ships = under.filter((found) => found.ships).length;
    return `| ${licence} | ${ships} | ${under.length - ships} |\n`;
  });
  const shipped = packages
    .filter(({ ships }) => ships)
    .map((found) => `| ${found.name} ${found.version} | ${found.licence} |\n`);
  return [
    '### Licences\n\n| licence | packages in the image | tools |\n| --- | --- | --- |\n',
    ...rows,
    '\n<details><summary>In the image</summary>\n\n| package | licence |\n| --- | --- |\n',
    ...shipped,
    '\n</details>\n',
  ].join('');
}

/** `licences`: every licence of the lockfile, and a no for one that nobody has agreed to. */
export async function licencesCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const packages = packagesOf(JSON.parse(await readFile('package-lock.json', 'utf8')));
  return { stdout: licenceReport(packages), problems: licenceProblems(packages) };
}
