import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';

/** What is to be committed. */
export interface CommitRequest {
  /** Every path that is written or removed, relative to the repository. */
  readonly paths: readonly string[];
  /** Those of them that differ from HEAD afterwards. */
  readonly changed: readonly string[];
  readonly message: string;
}

/** A commit that was made. */
export interface Commit {
  /** 40 hex digits. */
  readonly hash: string;
  readonly shortHash: string;
  readonly subject: string;
}

/**
 * Lets `write` change files in a clean working copy, and commits them as the user, hooks included. When anything of that
 * fails, every path is put back as it was, and {@link OperationError} is thrown with git's words.
 */
export async function commitFiles(
  directory: string,
  { paths, changed, message }: CommitRequest,
  write: () => Promise<void>,
): Promise<Commit> {
  const putBack = await takeSnapshot(directory, paths);
  let staged = false;
  // Ctrl-C reaches git as well, which ends with an error: we stay, to put the files back.
  process.on('SIGINT', stay);
  try {
    await write();
    await git(directory, 'add', '--all', '--force', '--', ...changed);
    staged = true;
    await git(directory, 'commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  } catch (cause) {
    try {
      await putBack();
      if (staged) await git(directory, 'reset', '--quiet', '--', ...changed);
    } catch (second) {
      throw new OperationError(
        `Nothing is committed (${wordsOf(cause)}), and putting the files back failed, too (${wordsOf(second)}). Nothing of yours was uncommitted, so git reset --hard and git clean -d --force do it.`,
        { cause: new AggregateError([cause, second]) },
      );
    }
    throw new OperationError(`Nothing is committed, and every file is as it was: ${wordsOf(cause)}`, { cause });
  } finally {
    process.off('SIGINT', stay);
  }
  return newest(directory);
}

function stay(): void {
  // Being there is all: a listener keeps Node from ending.
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

async function newest(directory: string): Promise<Commit> {
  const shown = await git(directory, 'show', '--no-patch', '--no-show-signature', '--format=%H%n%h%n%s', 'HEAD');
  const [hash = '', shortHash = '', subject = ''] = shown.split('\n');
  return { hash, shortHash, subject };
}

/** Remembers files byte for byte, and that others are not there. Returns what puts them back so. */
export async function takeSnapshot(directory: string, paths: readonly string[]): Promise<() => Promise<void>> {
  const files = paths.map((path) => join(directory, path));
  const taken = await Promise.all(
    files.map(async (file) => [file, await readFile(file).catch(nullIfMissing)] as const),
  );
  return async () => {
    for (const [file, bytes] of taken) {
      if (bytes === null) {
        await rm(file, { force: true });
      } else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
    }
  };
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
