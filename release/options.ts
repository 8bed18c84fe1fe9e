import type { ParseArgsConfig } from 'node:util';
import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { isRule, ruleList } from 'zerodrop/guard';
import { readOptions } from 'zerodrop/options';
import type { ImageReference } from '../settings/image.ts';
import { loadSettings } from '../settings/load.ts';
import { isSettingsError } from '../settings/settings-error.ts';
import type { Allowance } from './guard.ts';
import { parseImageReference } from './image.ts';
import { mainBranch } from './publish/remote.ts';
import { realSurroundings, type Surroundings } from './publish/surroundings.ts';
import { findWorkingCopy } from './working-copy.ts';

/** What one release is asked to do. */
export interface ReleaseOptions {
  readonly environment: string;
  readonly service: string | undefined;
  readonly image: ImageReference;
  /** 40 hex digits. */
  readonly source: string;
  readonly allowance: Allowance | null;
  /** Anywhere in the working copy. */
  readonly directory: string;
}

const ruleNames = ruleList.map(({ id }) => id).join(', ');

/** Names in lines of up to 100 characters, indented. */
function inLines(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + name.length > 98) lines.push(`  ${name}`);
    else lines[lines.length - 1] = last === '' ? `  ${name}` : `${last}, ${name}`;
  }
  return lines.join('\n');
}

/** What `--help` prints. */
export const usage = `npm run release -- --environment NAME --image NAME:TAG@DIGEST --source COMMIT [options]

Makes a new image one commit on the current branch: pins it, renders the manifests, asks the guard whether rolling it out
would cost requests, and commits. Nothing is pushed. A release that is there already makes no commit.

  --environment NAME    one of settings.ts
  --service NAME        one of settings.ts; may be left out where there is one
  --image REFERENCE     name:tag@sha256:..., of the image repository in settings.ts
  --source COMMIT       the commit that the image was built from, all 40 digits
  --allow RULE          lets the release break a rule of the guard, for one object with "RULE Kind/name"; may be
                        repeated, needs --because
  --because TEXT        why; it is kept in the commit's message
  --directory DIR       the working copy (the current directory)

Others, each with a --help of its own:

  publish               the same on the newest main of the remote, and pushed there
  promote               what one environment runs, offered to the next
  rollback              reverts the last release of an environment
  verify                waits until a commit is rolled out, and takes back what fails
  guard                 says whether merging a branch would cost requests

The rules, of which npx --no zerodrop guard --rules says what they refuse:

${inLines(ruleList.map(({ id }) => id))}

Exit: 0 committed or nothing to do, 1 refused by the guard, 2 wrong use, 3 the commit could not be made.`;

/** Reads the command line. Returns null where help is asked for; throws {@link UsageError} with a sentence. */
export async function parseOptions(args: readonly string[]): Promise<ReleaseOptions | null> {
  const values = parse(args);
  if (values.help) return null;
  return {
    environment: await requiredEnvironment('--environment', values.environment, values.directory),
    service: values.service,
    image: parseImageReference(required('--image', values.image, 'name:tag@sha256:...')),
    source: commitHash(required('--source', values.source, 'the commit that the image was built from')),
    allowance: allowance(values.allow, values.because),
    directory: values.directory,
  };
}

function parse(args: readonly string[]) {
  return readArguments(args, {
    environment: { type: 'string' },
    service: { type: 'string' },
    image: { type: 'string' },
    source: { type: 'string' },
    allow: { type: 'string', multiple: true, default: [] },
    because: { type: 'string' },
    directory: { type: 'string', default: '.' },
    help: { type: 'boolean', short: 'h', default: false },
  });
}

/** Takes a command line apart. Throws {@link UsageError} for an option that is not known, given twice, empty or without a value. */
export function readArguments<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  command = '',
) {
  return readOptions(args, options, { help: `npm run release -- ${command}--help`, words: 0 }).values;
}

/** The name of an environment that must be there. Throws {@link UsageError} where it is not, with the names of those that there are. */
export async function requiredEnvironment(
  option: string,
  value: string | undefined,
  directory: string,
): Promise<string> {
  if (value !== undefined) return value;
  throw new UsageError(
    `${option} is missing, expected an environment of settings.ts${await environmentNames(directory)}.`,
  );
}

/** As the end of a sentence; nothing where the settings can't be read, because what is missing matters more. */
export async function environmentNames(directory: string): Promise<string> {
  try {
    const { environments } = await loadSettings(await findWorkingCopy(directory));
    return `: ${environments.map(({ name }) => name).join(', ')}`;
  } catch (error) {
    if (isSettingsError(error) || error instanceof OperationError) return '';
    throw error;
  }
}

/** The value of an option that must be there. Throws {@link UsageError} where it is not. */
export function required(option: string, value: string | undefined, expected: string): string {
  if (value === undefined) throw new UsageError(`${option} is missing, expected ${expected}.`);
  return value;
}

/** A commit by its whole hash. Throws {@link UsageError} for anything else. */
export function commitHash(source: string, option = '--source'): string {
  if (!/^[0-9a-f]{40}$/.test(source)) {
    throw new UsageError(
      `${option} is ${JSON.stringify(source)}, expected all 40 hex digits of a commit, as git rev-parse prints them.`,
    );
  }
  return source;
}

/** What `--allow` and `--because` say together. Throws {@link UsageError} where one lacks the other. */
export function allowance(names: readonly string[], because: string | undefined): Allowance | null {
  for (const name of names) {
    if (!/^\S+(?: [A-Za-z]\w*(?:\/[\w.:-]+){1,2})?$/.test(name) || !isRule(name.split(' ')[0] ?? '')) {
      throw new UsageError(
        `--allow is ${JSON.stringify(name)}, which is no rule of the guard, or a rule and an object such as "replicas-lost Deployment/web". The rules are: ${ruleNames}.`,
      );
    }
  }
  // One line: it becomes a trailer, and a second line would end it, or be another one.
  const reason = (because ?? '').trim().replaceAll(/\s+/g, ' ');
  if (names.length === 0) {
    if (because === undefined) return null;
    throw new UsageError('--because is given without --allow. Name the rule that it is about.');
  }
  if (reason === '') {
    throw new UsageError('--allow needs --because "...": the reason is kept in the commit, for those who ask later.');
  }
  return { rules: [...new Set(names)], because: reason };
}

/** The options of every command that pushes. */
export const pushOptions = {
  allow: { type: 'string', multiple: true },
  because: { type: 'string' },
  directory: { type: 'string', default: '.' },
  remote: { type: 'string', default: 'origin' },
  'within-seconds': { type: 'string', default: '120' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` says about them. */
export const pushUsage = `  --allow RULE          lets it break a rule of the guard, for one object with "RULE Kind/name"; may be repeated,
                        needs --because
  --because TEXT        why; it is kept in the commit's message
  --remote NAME         the remote whose main Argo CD follows (origin)
  --within-seconds N    how long to try again when others push first (120)
  --directory DIR       anywhere in the clone (the current directory)`;

interface PushValues {
  readonly directory: string;
  readonly remote: string;
  readonly 'within-seconds': string;
}

/** The surroundings that a command line asks for. Throws UsageError and OperationError with a sentence. */
export async function surroundingsOf(values: PushValues, signal: AbortSignal): Promise<Surroundings> {
  const withinMs = milliseconds(values['within-seconds']);
  return realSurroundings({
    directory: await findWorkingCopy(values.directory),
    remote: values.remote,
    withinMs,
    signal,
  });
}

/** The value of `--within-seconds`. Throws {@link UsageError} for what is no number. */
export function milliseconds(seconds: string): number {
  if (/^\d+(?:\.\d+)?$/.test(seconds)) return Number(seconds) * 1_000;
  throw new UsageError(`--within-seconds is ${JSON.stringify(seconds)}, expected a number of seconds.`);
}

/**
 * A line about commits of the clone's main that the remote does not have, as far as the clone knows: the command reads the remote's main
 * and does not see them. Empty where there are none.
 */
export async function unpushedLine({ directory, remote }: Pick<Surroundings, 'directory' | 'remote'>): Promise<string> {
  try {
    const range = `refs/remotes/${remote}/${mainBranch}..refs/heads/${mainBranch}`;
    const count = Number(await git(directory, 'rev-list', '--count', range, '--'));
    if (count === 0) return '';
    const commits = count === 1 ? 'a commit' : `${count} commits`;
    return `Note: this reads ${mainBranch} at ${remote}, and your ${mainBranch} has ${commits} that ${remote} does not have. To make that count, run git push first.\n`;
  } catch (error) {
    // Without such a branch there is nothing to compare.
    if (error instanceof ProgramError) return '';
    throw error;
  }
}
