import { execFile, type ExecFileException } from 'node:child_process';
import { devNull } from 'node:os';
import { notStarted, ProgramError } from './errors.ts';

// The largest answer is every manifest of a repository at once.
const maxBuffer = 1024 * 1024 * 1024;

/** Runs git in a directory and returns what it printed as text, without the last line ending. */
export type Git = (directory: string, ...args: readonly string[]) => Promise<string>;

/** As {@link Git}, for a git that reads what it is asked, and with every byte of what it printed. */
export type GitBytes = (directory: string, input: string | Buffer, ...args: readonly string[]) => Promise<Buffer>;

/** Runs git in the repository of a directory. Throws a {@link ProgramError} that quotes git's own words. */
export const gitBytes: GitBytes = (directory, input, ...args) =>
  run(userEnvironment(process.env), directory, input, args);

/** As {@link gitBytes}, for text. */
export const git: Git = async (directory, ...args) => textOf(await gitBytes(directory, '', ...args));

/** As {@link gitBytes}, with nothing of the user's git. */
export const isolatedGitBytes: GitBytes = (directory, input, ...args) =>
  run(isolatedEnvironment(process.env), directory, input, args);

/** As {@link gitBytes}, for a command that git may have started as a hook: it reads the index that the commit is made of. */
export const hookGitBytes: GitBytes = (directory, input, ...args) =>
  run({ ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }, directory, input, args);

/** As {@link hookGitBytes}, for text. */
export const hookGit: Git = async (directory, ...args) => textOf(await hookGitBytes(directory, '', ...args));

function textOf(printed: Buffer): string {
  return printed.toString().trimEnd();
}

async function run(
  env: NodeJS.ProcessEnv,
  directory: string,
  input: string | Buffer,
  args: readonly string[],
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['-C', directory, ...args],
      { env, maxBuffer, encoding: 'buffer' },
      (cause, stdout, stderr) => {
        if (cause === null) resolve(stdout);
        else if (String(cause.code) === 'ENOENT') reject(notStarted('git', cause));
        else reject(gitError(args, directory, wordsOf(cause, stderr, stdout), { cause, code: cause.code ?? null }));
      },
    );
    // A hook that asks a question gets no answer, instead of waiting for one for ever. One that ends without reading closes the pipe.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function wordsOf(cause: ExecFileException, ...printed: readonly Buffer[]): string {
  return printed.map((bytes) => bytes.toString().trim()).find((words) => words !== '') ?? cause.message;
}

/** The error for a git command that failed with these words. */
export function gitError(
  args: readonly string[],
  directory: string,
  said: string,
  { cause, code = null }: { readonly cause?: unknown; readonly code?: unknown } = {},
): ProgramError {
  // Settings stand before what git is to do.
  const command = (args[0] === '-c' ? args[2] : args[0]) ?? '';
  return new ProgramError(`git ${command} failed in ${directory}: ${said}`, code, said, { cause });
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
