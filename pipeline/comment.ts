import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeComment } from 'zerodrop/comment';
import { OperationError, UsageError } from 'zerodrop/errors';
import type { Report } from 'zerodrop/rehearse';
import { gitHubFrom } from '../github/api.ts';
import { fenced, visible } from '../github/texts.ts';
import { loadSettings } from '../settings/load.ts';
import { jsonOf } from '../settings/sentences.ts';
import { clusterFolder } from '../settings/settings.ts';
import { type Ended, ended, planReport, readArguments, required, requiredCluster } from './command.ts';
import { picture, secondsIn } from './summary.ts';
import { workflowStack } from './terraform.ts';

/** In bytes: the plan of an empty project is a tenth of it. */
const mostBytes = 4 * 1024 * 1024;

/**
 * The text of a file that another job has left, which may have run anybody's code. Throws {@link OperationError} for one that is not a
 * plain file (a link could lead to a secret of this job), or longer than any plan and any report of a rehearsal.
 */
export async function readUntrusted(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause) => {
    throw new OperationError(`${file} is missing, or is not a regular file. The job before has to write it.`, {
      cause,
    });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new OperationError(`${file} is not a regular file.`);
    if (stats.size > mostBytes)
      throw new OperationError(`${file} has ${stats.size} bytes, but at most ${mostBytes} are read.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * `comment STACK --plan FILE --pull-request N`: writes Terraform's words about a stack under the pull request, over those that were
 * there. Runs main's code with a right to write, on the words of a job that ran the pull request's.
 */
export async function commentCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { cluster: { type: 'string' }, 'pull-request': { type: 'string' }, plan: { type: 'string' } },
    1,
  );
  const number = pullRequestNumber(required('--pull-request', values['pull-request']));
  const stack = workflowStack(positionals[0]);
  const file = required('--plan', values.plan);
  const settings = await loadSettings('.');
  const title = `${clusterFolder(settings, requiredCluster(values.cluster, settings))}${stack}`;
  const text = await readUntrusted(file);
  const github = gitHubFrom(process.env, settings.repository);
  await writeComment(github, number, `plan ${title}`, planReport(title, text));
  return ended();
}

function pullRequestNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new UsageError(`--pull-request is ${JSON.stringify(text)}, expected a number.`);
  }
  return Number(text);
}

/** A check of a pull request, as its report tells it. */
export interface Check {
  readonly name: string;
  /** How its job ended, in GitHub's words: success, failure, cancelled or skipped; neutral where it stops nobody and warns. */
  readonly result: string;
  /** What it comes to, in one line of Markdown. */
  readonly figures: string;
  /** All that it says, in Markdown; empty for nothing. */
  readonly details: string;
  /** What GitHub draws of it, in Markdown. */
  readonly picture?: string | undefined;
}

/** What of a check's own words fits into a comment with all others, in characters: GitHub takes 65,536 of all. */
const mostWords = 12_000;

/** A text in whole lines, with a fence and a fold closed that were open where it is cut. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, Math.max(0, text.lastIndexOf('\n', most)));
  const times = (mark: RegExp): number => (kept.match(mark) ?? []).length;
  const fence = times(/^```/gm) % 2 === 1 ? '\n```' : '';
  const folds = '\n\n</details>'.repeat(Math.max(0, times(/<details>/g) - times(/<\/details>/g)));
  return `${kept}${fence}\n\nThe rest is in the summary of the job.${folds}`;
}

const signs: Readonly<Record<string, string>> = { success: '✅', failure: '❌', skipped: '⏭️', neutral: '⚠️' };

/** What the checks of a pull request say: the verdict first, then a line for each, what GitHub draws of them, and each in full, folded. */
export function checksReport(checks: readonly Check[]): string {
  const named = (...results: readonly string[]): string =>
    checks
      .filter(({ result }) => results.includes(result))
      .map(({ name }) => name)
      .join(', ');
  const [failed, passed] = [named('failure'), named('success')];
  const unfinished = checks.filter(({ result }) => signs[result] === undefined).map(({ name }) => name);
  const verdict =
    failed !== ''
      ? `❌ Failed: ${failed}`
      : unfinished.length > 0
        ? `⚠️ Not finished: ${unfinished.join(', ')}`
        : `✅ Passed: ${passed}`;
  const rows = checks.map(
    ({ name, result, figures }) => `| ${name} | ${signs[result] ?? '⚠️'} ${result} | ${figures} |`,
  );
  const details = checks
    .filter((check) => check.details !== '')
    .map(({ name, details: words }) => {
      return `<details><summary>${name}</summary>\n\n${cut(words.trim(), mostWords + 2_000)}\n\n</details>\n`;
    });
  const pictures = checks.flatMap((check) => check.picture ?? []);
  const head = [`### ${verdict}\n`, '| check | result | |', '| --- | --- | --- |', ...rows, ''];
  return [...head, ...pictures, ...details].join('\n');
}

/**
 * The guard's own Markdown, and which environments are frozen: its job runs main's code, which makes the words of a pull request harmless.
 * A freeze fails the job as well, whatever the guard says.
 */
export function guardCheck(result: string, markdown: string, frozen: string): Check {
  const [, verdict = ''] = markdown.split('\n\n');
  const reasons = result === 'failure' && frozen !== '' ? [verdict, frozen] : [verdict];
  const line = reasons.map((reason) => reason.trim().replaceAll(/\s+/g, ' ')).join(' ');
  // A line of a table ends a cell at each of them.
  const figures = line.replaceAll(/(?<!\\)\|/g, '\\|');
  return { name: 'guard', result, figures, details: `${frozen}${markdown}` };
}

/** The forecast's own Markdown, of the guard's job; null where it has none. */
export function forecastCheck(markdown: string): Check | null {
  const [, verdict = ''] = markdown.split('\n\n');
  const [, sign, figures] = /^(✅|⚠️) (.+)$/.exec(verdict.trim()) ?? [];
  if (figures === undefined) return null;
  return { name: 'forecast', result: sign === '✅' ? 'success' : 'neutral', figures, details: markdown };
}

/** What a rehearsal of one target left behind. Its job runs code of the pull request. */
export interface Rehearsed {
  /** Such as `web-staging`. */
  readonly target: string;
  /** report.json; empty where nothing was played. */
  readonly report: string;
  /** summary.md */
  readonly summary: string;
}

/** The rehearsals' numbers, pictures and words, of which all words are in a fence. */
export function rehearsalCheck(result: string, rehearsed: readonly Rehearsed[]): Check {
  return {
    name: 'rehearsal',
    result,
    figures: rehearsed.map(figuresOf).join('; '),
    details: rehearsed
      .map(({ target, summary }) => `${target}:\n\n${fenced(cut(visible(summary.trim()), mostWords))}`)
      .join('\n\n'),
    picture: rehearsed.map(({ report }) => picture({ timeline: secondsIn(jsonOf(report)) })).find((one) => one !== ''),
  };
}

function figuresOf({ target, report }: Rehearsed): string {
  if (report === '') return `${target}: nothing rolls out`;
  const { clients, control }: Partial<Pick<Report, 'clients' | 'control'>> = Object(jsonOf(report));
  const sum = (key: 'sent' | 'failed'): number =>
    (Array.isArray(clients) ? clients : []).reduce((total, client) => total + Number(Object(client)[key]), 0);
  const lost = `${count(sum('failed'))} of ${count(sum('sent'))} requests lost`;
  const lostByControl = control ? `, the control lost ${count(control.failed)} of ${count(control.requests)}` : '';
  return `${target}: ${lost}${lostByControl}`;
}

function count(value: unknown): string {
  return Number(value).toLocaleString('en');
}

/** What is known of a job, by the context `needs`. */
interface Need {
  readonly result: string;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** The checks whose words are in a folder: guard/guard.md, guard/frozen.md, guard/forecast.md, and changes/change-TARGET/ of each rehearsal. */
async function checksIn(folder: string, needs: Readonly<Record<string, Need>>): Promise<readonly Check[]> {
  const read = async (...names: readonly string[]): Promise<string> =>
    readUntrusted(join(folder, ...names)).catch(() => '');
  const forecast = forecastCheck(await read('guard', 'forecast.md'));
  const checks = [
    guardCheck(needs['guard']?.result ?? 'skipped', await read('guard', 'guard.md'), await read('guard', 'frozen.md')),
    ...(forecast === null ? [] : [forecast]),
  ];
  const names = (await readdir(join(folder, 'changes')).catch(() => []))
    .filter((name) => /^change-[a-z\d-]{1,130}$/.test(name))
    .toSorted();
  const rehearsed = await Promise.all(
    names.map(async (name) => ({
      target: name.slice('change-'.length),
      report: await read('changes', name, 'report.json'),
      summary: await read('changes', name, 'summary.md'),
    })),
  );
  const result = needs['change']?.result ?? 'skipped';
  const left = rehearsed.filter(({ summary }) => summary !== '');
  if (left.length > 0) return [...checks, rehearsalCheck(result, left)];
  return [...checks, { name: 'rehearsal', result, figures: whyNotRehearsed(needs), details: '' }];
}

function whyNotRehearsed(needs: Readonly<Record<string, Need>>): string {
  if (needs['scope']?.outputs?.['rollback'] === 'true') return 'not needed for a rollback';
  return needs['services']?.outputs?.['rehearsals'] === '[]'
    ? 'nothing rolls out: no image and no manifest of a service changes'
    : 'no report: the log of its job says why';
}

/**
 * `report DIR [--pull-request N]`: what the checks of a pull request say, for the summary of a job, and under the pull request. How the jobs
 * ended is in the variable NEEDS, and not in what they left behind.
 */
export async function reportCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(args, { 'pull-request': { type: 'string' } }, 1);
  const needs: Readonly<Record<string, Need>> = JSON.parse(required('The variable NEEDS', process.env['NEEDS']));
  const text = checksReport(await checksIn(required('The folder', positionals[0]), needs));
  const number = values['pull-request'];
  if (number !== undefined) {
    const { repository } = await loadSettings('.');
    await writeComment(gitHubFrom(process.env, repository), pullRequestNumber(number), 'checks', text);
  }
  return ended(text);
}
