import { type Ended, untilInterrupted } from 'zerodrop/command';
import { noCommand } from 'zerodrop/options';
import { loadProject } from '../apps/load.ts';
import { failureOf } from '../settings/command.ts';
import { guardCommand } from './commands/guard.ts';
import { promoteCommand } from './commands/promote.ts';
import { publishCommand } from './commands/publish.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { verifyCommand } from './commands/verify.ts';
import { parseOptions, usage } from './options.ts';
import { report } from './outcome.ts';
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

async function releaseHere(args: readonly string[]): Promise<Ended> {
  const [name = ''] = args;
  if (name !== '' && !name.startsWith('-')) throw noCommand(name, Object.keys(commands), 'npm run release -- --help');
  const options = await parseOptions(args);
  if (options === null) return { stdout: `${usage}\n`, stderr: '', exitCode: 0 };
  const directory = await findWorkingCopy(options.directory);
  // Only this renders, and what it renders with is half of what there is to load.
  const { release } = await import('./release.ts');
  return report(await release({ ...options, directory }, await loadProject(directory, options.service)));
}

/** A command beside the plain release: reads its arguments, and ends early when the signal says so. */
export type Command = (args: readonly string[], signal: AbortSignal) => Promise<Ended>;

/** Every one by its name, which comes first on the command line. */
export const commands = {
  publish: publishCommand,
  promote: promoteCommand,
  rollback: rollbackCommand,
  verify: verifyCommand,
  guard: guardCommand,
} as const satisfies Readonly<Record<string, Command>>;

export function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
