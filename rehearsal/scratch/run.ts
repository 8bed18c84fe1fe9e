import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

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
    const { stderr, code } = cause as { stderr?: string; code?: string | number };
    const said = code === 'ENOENT' ? 'it is not installed, or not on PATH' : (stderr ?? '').trim();
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed in ${where.directory}: ${said}`, { cause });
  }
}

/** Runs one of the project's own programs, as its npm script would. */
export async function runScript(where: Surroundings, script: string, ...args: readonly string[]): Promise<string> {
  return run(where, process.execPath, '--import', 'tsx', script, ...args);
}
