import { execFile, type ExecFileException } from 'node:child_process';
import { devNull } from 'node:os';
import { OperationError } from './errors.ts';

// The largest answer is every manifest of a repository at once.
const maxBuffer = 1024 * 1024 * 1024;

/** Runs git in a directory and returns the bytes that it printed. Throws {@link OperationError} that quotes git's own words. */
export async function gitBytes(directory: string, args: readonly string[], input?: string | Buffer): Promise<Buffer> {
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

/**
 * Git sets these for the hooks and the aliases that it runs (`git rev-parse --local-env-vars`, less the configuration): started
 * by one of them, we would work on its repository instead of the one that we name.
 */
const ofAnotherRepository: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

/** The user's own environment for git, with their identity and credentials, and never a question on the terminal. */
export function userEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !ofAnotherRepository.has(name));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0' };
}

/** An environment without anything of the user's git: no hook, signature, template or credential of theirs takes part. */
export function isolatedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
