import { type Ended, untilInterrupted } from 'zerodrop/command';
import { noCommand } from 'zerodrop/options';
import { loadProject } from '../apps/load.ts';
import { failureOf } from '../settings/command.ts';
import { commands, isCommand } from './commands/commands.ts';
import { parseOptions, usage } from './options.ts';
import { report, type Report } from './outcome.ts';
import { findWorkingCopy } from './working-copy.ts';

/** `npm run release`: does what the arguments ask for, and says how it ended. Never throws. */
export async function run(args: readonly string[]): Promise<Ended> {
  const [name = '', ...rest] = args;
  try {
    return isCommand(name) ? await untilInterrupted((signal) => commands[name](rest, signal)) : await releaseHere(args);
  } catch (error) {
    return failureOf(error, 'release');
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
