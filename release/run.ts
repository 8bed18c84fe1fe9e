import { type Ended, untilInterrupted } from 'zerodrop/command';
import { ruleList } from 'zerodrop/guard';
import { noCommand } from 'zerodrop/options';
import { failureOf } from '../settings/load.ts';
import { historyCommand } from './commands/history.ts';
import { promoteCommand } from './commands/promote.ts';
import { publishCommand } from './commands/publish.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { verifyCommand } from './commands/verify.ts';
import { guardCommand } from './guard.ts';

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
export const usage = `npm run release -- COMMAND [options]

Each command has a --help of its own:

  publish               makes a new image one commit on the newest main of the remote, and pushes it; on your branch with --no-push
  promote               offers what a service runs in one environment to the environments after it
  rollback              reverts the last release of a service in an environment
  verify                waits until a commit is rolled out, and takes back what fails
  guard                 says whether merging a branch would cost requests
  history               says what ran when, and how often, how fast and how safely you release

The rules, of which npx --no zerodrop guard --rules says what they refuse:

${inLines(ruleList.map(({ id }) => id))}

Exit: 0 done or nothing to do, 1 refused by the guard or not rolled out, 2 wrong use, 3 it did not work, 5 frozen, 130 interrupted.
`;

/** `npm run release`: does what the arguments ask for, and says how it ended. Never throws. */
export async function run(args: readonly string[]): Promise<Ended> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h') return { stdout: usage, stderr: '', exitCode: 0 };
  try {
    if (!isCommand(name)) throw noCommand(name, Object.keys(commands), 'npm run release -- --help');
    return await untilInterrupted((signal) => commands[name](rest, signal));
  } catch (error) {
    return failureOf(error, 'release');
  }
}

/** A command: reads its arguments, and ends early when the signal says so. */
export type Command = (args: readonly string[], signal: AbortSignal) => Promise<Ended>;

/** Every one by its name, which comes first on the command line. */
export const commands = {
  publish: publishCommand,
  promote: promoteCommand,
  rollback: rollbackCommand,
  verify: verifyCommand,
  guard: guardCommand,
  history: (args, signal) => historyCommand(args, signal),
} as const satisfies Readonly<Record<string, Command>>;

export function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
