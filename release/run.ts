import { inspect } from 'node:util';
import { UsageError } from 'zerodrop/guard';
import { noCommand } from 'zerodrop/options';
import { loadProject } from '../apps/load.ts';
import { PinError } from '../apps/pins.ts';
import { GitHubError } from '../github/ask.ts';
import { NoGitHub } from '../github/place.ts';
import { isSettingsError } from '../settings/settings-error.ts';
import { CannotRelease, Interrupted } from './cannot-release.ts';
import { commands, isCommand } from './commands/commands.ts';
import { untilInterrupted } from './commands/interruption.ts';
import { parseOptions, usage } from './options.ts';
import { report, type Report } from './outcome.ts';
import { findWorkingCopy } from './working-copy.ts';
import { WrongUse } from './wrong-use.ts';

/** How a call of the program ended. */
export interface Ended extends Omit<Report, 'exitCode'> {
  readonly exitCode: Report['exitCode'] | 2 | 3 | 130;
}

/** `npm run release`: does what the arguments ask for, and says how it ended. Never throws. */
export async function run(args: readonly string[]): Promise<Ended> {
  const [name = '', ...rest] = args;
  try {
    return isCommand(name) ? await untilInterrupted((signal) => commands[name](rest, signal)) : await releaseHere(args);
  } catch (error) {
    const isWrongUse =
      error instanceof WrongUse || error instanceof UsageError || error instanceof NoGitHub || isSettingsError(error);
    const isFailure = error instanceof CannotRelease || error instanceof GitHubError || error instanceof PinError;
    const isTold = isWrongUse || isFailure;
    // What is not told in a sentence is a fault of ours, and its stack says where.
    const words = isTold ? error.message : inspect(error);
    return {
      stdout: '',
      stderr: `release: ${words}\n`,
      exitCode: isWrongUse ? 2 : error instanceof Interrupted ? 130 : 3,
    };
  }
}

async function releaseHere(args: readonly string[]): Promise<Report> {
  const [name = ''] = args;
  if (name !== '' && !name.startsWith('-')) throw noCommand(name, Object.keys(commands), 'npm run release -- --help');
  const options = await parseOptions(args);
  if (options === null) return { stdout: `${usage}\n`, stderr: '', exitCode: 0 };
  const directory = await findWorkingCopy(options.directory);
  // Only this renders, and what it renders with is half of what there is to load.
  const { release } = await import('./release.ts');
  return report(await release({ ...options, directory }, await loadProject(directory, options.service)));
}
