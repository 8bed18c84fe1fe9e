import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { userEnvironment } from 'zerodrop/git';
import { CannotRelease } from './cannot-release.ts';

const execute = promisify(execFile);

/** A git command that failed, with git's own words. */
export class GitError extends CannotRelease {
  override readonly name = 'GitError';
  readonly said: string;

  constructor(args: readonly string[], directory: string, said: string, options: ErrorOptions) {
    super(`git ${commandOf(args)} failed in ${directory}: ${said}`, options);
    this.said = said;
  }
}

/** What git is to do, after the settings that stand before it. */
function commandOf(args: readonly string[]): string {
  return (args[0] === '-c' ? args[2] : args[0]) ?? '';
}

/**
 * Runs git in a working copy and returns what it printed, without the last line's end. Throws a {@link GitError} that
 * quotes git's own words, and {@link CannotRelease} where there is no git.
 */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  return (await gitBytes(directory, '', ...args)).toString().trimEnd();
}

/** As {@link git}, for a git that reads what it is asked, and returns every byte: the content of files. */
export async function gitBytes(directory: string, input: string | Buffer, ...args: readonly string[]): Promise<Buffer> {
  const running = execute('git', ['-C', directory, ...args], {
    env: userEnvironment(process.env),
    encoding: 'buffer',
    maxBuffer: 1024 * 1024 * 1024,
  });
  // A hook that asks a question gets no answer, instead of waiting for one for ever. One that ends without reading closes the pipe.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    return (await running).stdout;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new CannotRelease('git is not installed, or not on PATH. Install it, or fix PATH, and release again.', {
        cause,
      });
    }
    throw new GitError(args, directory, wordsOf(cause), { cause });
  }
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = ['stderr', 'stdout'].map((name) => String(Reflect.get(cause, name) ?? '').trim());
  return said.find((words) => words !== '') ?? cause.message;
}
