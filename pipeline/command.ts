import type { ParseArgsConfig } from 'node:util';
import { UsageError } from 'zerodrop/errors';
import { commitHash, readOptions, type Values } from 'zerodrop/options';
import {
  type Cluster,
  type Service,
  type Settings,
  findCluster,
  findEnvironment,
  findService,
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
