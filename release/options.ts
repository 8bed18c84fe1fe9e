import type { ParseArgsConfig } from 'node:util';
import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { isRule, ruleList } from 'zerodrop/guard';
import { millisecondsOf, readOptions } from 'zerodrop/options';
import { loadSettings } from '../settings/load.ts';
import { didYouMean, isSettingsError } from '../settings/sentences.ts';
import { realSurroundings, type Surroundings } from './publish/race.ts';
import { mainBranch } from './publish/remote.ts';
import { findWorkingCopy } from './publish/render.ts';

/** What one commit may break, and the reason that its message keeps. */
export interface Allowance {
  /** Each a rule, or a rule and an object: `replicas-lost`, `replicas-lost Deployment/worker`. */
  readonly rules: readonly string[];
  readonly because: string;
}

const ruleIds = ruleList.map(({ id }) => id);

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

/** What `--allow` and `--because` say together. Throws {@link UsageError} where one lacks the other. */
export function allowance(names: readonly string[], because: string | undefined): Allowance | null {
  for (const name of names) {
    if (!/^\S+(?: [A-Za-z]\w*(?:\/[\w.:-]+){1,2})?$/.test(name) || !isRule(name.split(' ')[0] ?? '')) {
      throw new UsageError(
        `--allow is ${JSON.stringify(name)}, expected a rule of the guard, or a rule and an object such as "replicas-lost Deployment/web".${didYouMean(name.split(' ')[0] ?? '', ruleIds)} The rules are: ${ruleIds.join(', ')}.`,
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
  const withinMs = millisecondsOf('--within-seconds', values['within-seconds']);
  return realSurroundings({
    directory: await findWorkingCopy(values.directory),
    remote: values.remote,
    withinMs,
    signal,
  });
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
