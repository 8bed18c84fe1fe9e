import { inspect } from 'node:util';
import { PinError } from '../apps/pins.ts';
import { GitHubError } from '../github/ask.ts';
import { NoGitHub } from '../github/place.ts';
import { loadSettings } from '../settings/load.ts';
import { isSettingsError } from '../settings/settings-error.ts';
import { CannotRelease } from './cannot-release.ts';
import { commands, isCommand } from './commands/commands.ts';
import { untilInterrupted } from './commands/interruption.ts';
import { parseOptions, usage } from './options.ts';
import { report, type Report } from './outcome.ts';
import { release } from './release.ts';
import { findWorkingCopy } from './working-copy.ts';
import { WrongUse } from './wrong-use.ts';

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isWrongUse = error instanceof WrongUse || error instanceof NoGitHub || isSettingsError(error);
  const isFailure = error instanceof CannotRelease || error instanceof GitHubError || error instanceof PinError;
  const isTold = isWrongUse || isFailure;
  // What is not told in a sentence is a fault of ours, and its stack says where.
  process.stderr.write(`release: ${isTold ? error.message : inspect(error)}\n`);
  process.exitCode = isWrongUse ? 2 : 3;
}

async function run(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  return isCommand(name) ? print(await untilInterrupted((signal) => commands[name](rest, signal))) : runRelease(args);
}

async function runRelease(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const directory = await findWorkingCopy(options.directory);
  const settings = await loadSettings(directory);
  return print(report(await release({ ...options, directory }, { settings })));
}

function print({ stdout, stderr, exitCode }: Report): number {
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  return exitCode;
}
