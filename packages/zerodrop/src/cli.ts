import { readFileSync } from 'node:fs';
import { type Ended, failure } from './errors.ts';
import { guardCommand } from './guard/command.ts';
import { noCommand } from './options.ts';

interface Command {
  readonly summary: string;
  /** Returns what is to be printed, or the exit code where the command has printed it. */
  run(args: readonly string[]): Promise<Ended | number>;
}

const commands: Readonly<Record<string, Command>> = {
  guard: { summary: 'says which change of manifests costs requests or data', run: guardCommand },
  forecast: {
    summary: 'says what merging a change does: what rolls out, for how long, and what it loses',
    run: async (args) => (await import('./forecast/command.ts')).forecastCommand(args),
  },
  rehearse: {
    summary: 'plays a release and its revert under load, and fails when a request is lost',
    // Loaded when it is asked for: the guard does without.
    run: async (args) => (await import('./rehearse/command.ts')).rehearseFromCommandLine(args),
  },
  verify: {
    summary: 'waits until a commit is rolled out, or says why it is not',
    run: async (args) => (await import('./verify/command.ts')).verifyCommand(args),
  },
};

const usage = `zerodrop COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  --version  prints the version, also behind a command

zerodrop COMMAND --help tells more. Exit: 0 passed, 1 refused, 2 wrong use, 3 it did not work,
4 inconclusive (rehearse), 130 interrupted.
`;

/** Runs a command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // Whoever reads the output may stop before its end, such as head.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const outcome = await run(args);
    if (typeof outcome === 'number') return outcome;
    process.stderr.write(outcome.stderr);
    process.stdout.write(outcome.stdout);
    return outcome.exitCode;
  } catch (error) {
    const { stderr, exitCode } = failure(error, 'zerodrop');
    process.stderr.write(stderr);
    return exitCode;
  }
}

async function run([name, ...args]: readonly string[]): Promise<Ended | number> {
  const isCommand = name !== undefined && Object.hasOwn(commands, name);
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (name === '--version' || (isCommand && options.includes('--version')))
    return { stdout: `${version()}\n`, stderr: '', exitCode: 0 };
  if (name === undefined || name === '--help' || name === '-h') return { stdout: usage, stderr: '', exitCode: 0 };
  const command = isCommand ? commands[name] : undefined;
  if (command === undefined) throw noCommand(name, Object.keys(commands), 'zerodrop --help');
  return command.run(args);
}

function version(): string {
  const { version: found }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return found;
}
