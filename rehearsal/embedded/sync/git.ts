import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isolatedEnvironment } from '../../../git/environment.ts';

const execute = promisify(execFile);

/** Runs git and returns what it printed. Throws git's own words. */
export async function git(...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', args, {
      env: isolatedEnvironment(process.env),
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(said.replace(/^fatal: /, ''), { cause });
  }
}
