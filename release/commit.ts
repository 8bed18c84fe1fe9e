import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotRelease } from './cannot-release.ts';
import { git } from './git.ts';

/** A commit that was made. */
export interface Commit {
  /** 40 hex digits. */
  readonly hash: string;
  readonly shortHash: string;
  readonly subject: string;
}

/**
 * Lets `write` change files in a clean working copy, and commits these paths as the user, hooks included. When anything of
 * that fails, every path is put back as it was, and {@link CannotRelease} is thrown with git's words.
 *
 * @param paths every path that `write` may touch, relative to the repository
 * @param changed those of them that differ from HEAD afterwards
 */
export async function commitFiles(
  directory: string,
  {
    paths,
    changed,
    message,
  }: { readonly paths: readonly string[]; readonly changed: readonly string[]; readonly message: string },
  write: () => Promise<void>,
): Promise<Commit> {
  const before = await readFiles(directory, paths);
  let staged = false;
  // Ctrl-C reaches git as well, which ends with an error: we stay, to put the files back.
  process.on('SIGINT', stay);
  try {
    await write();
    await git(directory, 'add', '--all', '--', ...changed);
    staged = true;
    await git(directory, 'commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  } catch (cause) {
    await writeFiles(directory, before);
    if (staged) await git(directory, 'reset', '--quiet', '--', ...changed);
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new CannotRelease(`Nothing is committed, and every file is as it was: ${words}`, { cause });
  } finally {
    process.off('SIGINT', stay);
  }
  return newest(directory);
}

function stay(): void {
  // Being there is all: a listener keeps Node from ending.
}

async function newest(directory: string): Promise<Commit> {
  const shown = await git(directory, 'show', '--no-patch', '--no-show-signature', '--format=%H%n%h%n%s', 'HEAD');
  const [hash = '', shortHash = '', subject = ''] = shown.split('\n');
  return { hash, shortHash, subject };
}

/** The bytes of files; null for those that are not there. */
async function readFiles(directory: string, paths: readonly string[]): Promise<ReadonlyMap<string, Buffer | null>> {
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(directory, path)).catch(nullIfMissing)] as const),
    ),
  );
}

async function writeFiles(directory: string, files: ReadonlyMap<string, Buffer | null>): Promise<void> {
  for (const [path, bytes] of files) {
    const file = join(directory, path);
    if (bytes === null) {
      await rm(file, { force: true });
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
  }
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
