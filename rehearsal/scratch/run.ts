import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WrongUse } from '../wrong-use.ts';

const execute = promisify(execFile);

/** Where a program of the rehearsal runs, and what ends it early. */
export interface Surroundings {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs a program and returns what it printed. Throws an error that quotes the program's own words. */
export async function run(where: Surroundings, program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      cwd: where.directory,
      env: where.environment,
      signal: where.signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trimEnd();
  } catch (cause) {
    where.signal.throwIfAborted();
    const { code, said } = endOf(cause);
    const words = code === 'ENOENT' ? 'it is not installed, or not on PATH' : said;
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed in ${where.directory}: ${words}`, { cause });
  }
}

/** How a program ended: its exit code, or why it could not be started; and what it said about it. */
function endOf(cause: unknown): { readonly code: unknown; readonly said: string } {
  if (!(cause instanceof Error)) return { code: null, said: String(cause) };
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : cause.message;
  return { code: 'code' in cause ? cause.code : null, said };
}

/**
 * Runs one of the project's own programs, as its npm script would. Throws {@link WrongUse} in the program's words where it says by its
 * exit code that something in the project is wrong.
 */
export async function runScript(where: Surroundings, script: string, ...args: readonly string[]): Promise<string> {
  try {
    return await run(where, process.execPath, '--conditions=zerodrop-source', '--import', 'tsx', script, ...args);
  } catch (error) {
    const { code, said } = endOf(error instanceof Error ? error.cause : null);
    if (code !== 2) throw error;
    throw new WrongUse(`The last commit can't be rehearsed. ${said}`, { cause: error });
  }
}
