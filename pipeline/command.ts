import { createInterface } from 'node:readline/promises';
import type { ParseArgsConfig } from 'node:util';
import { Interrupted, UsageError } from 'zerodrop/errors';
import { commitHash, readOptions, type Values } from 'zerodrop/options';
import { cutToLines, fenced, visible } from '../github/texts.ts';
import {
  type Cluster,
  findCluster,
  findEnvironment,
  findService,
  type Service,
  type Settings,
} from '../settings/settings.ts';

/** How a command ended. What it prints goes where the workflow sends it: a step's outputs, or the job's summary. */
export interface Ended {
  readonly stdout: string;
  /** Why it says no; empty where it does not. */
  readonly problems: readonly string[];
}

/** The ending of a command that has nothing against what it saw. */
export function ended(stdout = ''): Ended {
  return { stdout, problems: [] };
}

/**
 * The outputs of a workflow's step, as GitHub reads them from the file $GITHUB_OUTPUT. Throws for a value of several
 * lines: what follows the first would be outputs of its own.
 */
export function stepOutputs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`The output ${name} has several lines: ${JSON.stringify(value)}.`);
      return `${name}=${value}\n`;
    })
    .join('');
}

/** The value of an option that has to be there. Throws {@link UsageError} where it is not. */
export function required(option: string, value: string | undefined): string {
  if (value === undefined || value === '')
    throw new UsageError(`${option} is missing. See npm run pipeline -- --help.`);
  return value;
}

/** The environment that `--environment` names. Throws {@link UsageError} with the names of those that there are for any other. */
export function knownEnvironment(name: string | undefined, settings: Settings): string {
  const found = findEnvironment('--environment', name, settings);
  if (typeof found === 'string') throw new UsageError(found);
  return found.name;
}

/** Takes a command line apart, with this many words beside the options. Throws UsageError for what the command does not take. */
export function readArguments<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  words = 0,
): Values<T> {
  return readOptions(args, options, { help: 'npm run pipeline -- --help', words });
}

/** A commit by its whole hash, as GitHub and git rev-parse give it. Throws {@link UsageError} for anything else. */
export function requiredCommit(option: string, value: string | undefined): string {
  return commitHash(option, required(option, value));
}

/** The service that `--service` names; the only one where it names none. Throws {@link UsageError} with the names of those that there are. */
export function requiredService(name: string | undefined, settings: Settings): Service {
  const found = findService(name, settings);
  if (typeof found === 'string') throw new UsageError(found);
  return found;
}

/** The cluster that `--cluster` names; the only one where it names none. Throws {@link UsageError} with the names of those that there are. */
export function requiredCluster(name: string | undefined, settings: Settings): Cluster {
  const found = findCluster(name, settings);
  if (typeof found === 'string') throw new UsageError(found);
  return found;
}

/** GitHub starts no more jobs of one matrix (docs.github.com, "Usage limits"). */
const mostJobs = 256;

/** A list for a matrix, as JSON. Of a longer one than GitHub takes the first entries, with a sentence on stderr about the others. */
export function matrixOf(entries: readonly object[], what: string): string {
  if (entries.length > mostJobs) {
    const left = entries.length - mostJobs;
    process.stderr.write(
      `${what}: ${left} of ${entries.length} are left out, because a matrix has at most ${mostJobs} jobs.\n`,
    );
  }
  return JSON.stringify(entries.slice(0, mostJobs));
}

/** A comment at GitHub holds 65,536 characters; a hidden mark that finds it again takes some of them. */
export const longestText = 64_000;

/** Of the list of what is destroyed; Terraform's own text has all of it. */
const longestList = 8_000;

/**
 * A plan in Markdown: what it would destroy first, as that is what a reviewer must not miss.
 *
 * The text comes from a job that ran a pull request's code, and may be anything. All of it is in fences, where GitHub makes no
 * mention, link or picture of it, and without characters that hide others.
 */
export function planReport(stack: string, untrusted: string): string {
  const text = visible(untrusted);
  const title = `### ${stack}: ${verdict(text)}\n`;
  const lost = destroyed(text);
  const warning = lost.length === 0 ? '' : `\n> [!CAUTION]\n> Destroys:\n${quoted(lost.join('\n'))}\n`;
  if (!/\bto (?:add|change|destroy)\b/.test(text)) return title;
  const shown = cutToLines(asDifference(text.trim()), longestText - title.length - warning.length);
  return `${title}${warning}\n${fenced(shown, 'diff')}\n`;
}

function quoted(list: string): string {
  return fenced(cutToLines(list, longestList))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Terraform's own summary line. */
function verdict(text: string): string {
  const summary =
    /^(?:Plan: (?:\d+ to import, )?\d+ to add, \d+ to change, \d+ to destroy\.|No changes\. [\w ]+\.|Changes to Outputs:)$/m;
  return summary.exec(text)?.[0] ?? 'no summary from Terraform';
}

function destroyed(text: string): string[] {
  const line = /^ *# (\S.*?) (?:will be destroyed|must be replaced|will be replaced|is tainted, so must be replaced)/gm;
  return [...text.matchAll(line)].map(([, address = '']) => address);
}

/** Terraform indents its signs; GitHub colours a difference only by the first character of a line. */
function asDifference(text: string): string {
  return text.replaceAll(
    /^( +)([+~-])(?= )/gm,
    (_, indent: string, sign: string) => `${sign === '~' ? '!' : sign}${indent}`,
  );
}

/** A terminal, or what stands in its place. */
type Terminal<Stream> = Stream & { readonly isTTY?: boolean };

/**
 * Asks at the terminal. Nobody has agreed where there is none, nor by Ctrl-D. Throws {@link Interrupted} for Ctrl-C, which a terminal in raw
 * mode sends as a key and not as a signal.
 */
export async function isAgreed(
  question: string,
  input: Terminal<NodeJS.ReadableStream> = process.stdin,
  output: Terminal<NodeJS.WritableStream> = process.stderr,
): Promise<boolean> {
  if (input.isTTY !== true) return false;
  const terminal = createInterface({ input, output });
  const closed = new AbortController();
  let isInterrupted = false;
  terminal.once('SIGINT', () => {
    isInterrupted = true;
    terminal.close();
  });
  terminal.once('close', () => closed.abort());
  try {
    return (await terminal.question(question, { signal: closed.signal })).trim() === 'yes';
  } catch (cause) {
    if (isInterrupted) throw new Interrupted('Interrupted: nothing more is changed.', { cause });
    if (closed.signal.aborted) return false;
    throw cause;
  } finally {
    terminal.close();
  }
}
