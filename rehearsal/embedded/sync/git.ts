import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Our own environment without what a hook or a user's configuration would add to git. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Runs git and returns what it printed. Throws git's own words. */
export async function git(...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', args, { env: environment, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(said.replace(/^fatal: /, ''), { cause });
  }
}
