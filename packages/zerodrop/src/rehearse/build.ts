import { UsageError } from '../errors.ts';
import type { Repository } from './cluster.ts';
import { run } from './process.ts';

/**
 * Builds by a command that is run in the clone, without a shell. Its words are split at spaces; {version}, {revision}, {startup-ms} and
 * {out} in them are replaced. Throws {@link UsageError} where the command does not name the file that it writes.
 */
export function builtBy(command: string): Repository['build'] {
  const [program, ...args] = command.trim().split(/\s+/);
  if (program === undefined || program === '' || !command.includes('{out}')) {
    throw new UsageError(
      `--build is ${JSON.stringify(command)}, but a command is expected that writes the file {out}, such as "node build.js --out {out}".`,
    );
  }
  return async ({ version, revision, startupMs }, out, clone) => {
    const values: Readonly<Record<string, string>> = { version, revision, 'startup-ms': String(startupMs), out };
    const filled = args.map((arg) => arg.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => values[name] ?? whole));
    await run(clone, program, ...filled);
  };
}
