import { execFile, type ExecFileException } from 'node:child_process';
import { OperationError } from './errors.ts';

// The largest answer is every manifest of a repository at once.
const maxBuffer = 1024 * 1024 * 1024;

/** Runs git in a directory and returns the bytes that it printed. Throws {@link OperationError} that quotes git's own words. */
export async function gitBytes(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['-C', directory, ...args],
      { env, maxBuffer, encoding: 'buffer' },
      (cause, stdout, stderr) => {
        if (cause === null) resolve(stdout);
        else reject(new OperationError(sentence(args, cause, stderr.toString()), { cause }));
      },
    );
    // Git may end before it has read everything; what it said then is the error that matters.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs git in a directory and returns what it printed as text, without the last line ending. */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  return (await gitBytes(directory, args)).toString().trimEnd();
}

function sentence(args: readonly string[], cause: ExecFileException, stderr: string): string {
  if (cause.code === 'ENOENT')
    return 'git is not installed, or the directory does not exist. Install git and try again.';
  const words = stderr.trim();
  return `git ${args[0] ?? ''} failed: ${words === '' ? cause.message : words}`;
}
