import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { type Content, type Files, textOf, type Unreadable } from './files.ts';

/** Reads the files below a directory that may be manifests. Throws {@link UsageError} where there is no such directory. */
export async function readDirectory(directory: string, isWanted: (path: string) => boolean): Promise<Files> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new UsageError(`${directory} can't be read as a directory (${cause.code ?? cause.message}).`, { cause });
    },
  );
  const named = entries
    .map((entry) => ({ entry, file: path.join(entry.parentPath, entry.name) }))
    .map(({ entry, file }) => ({ entry, file, name: path.relative(directory, file).split(path.sep).join('/') }))
    .filter(
      ({ entry, name }) => !name.startsWith('.git/') && (entry.isSymbolicLink() || (entry.isFile() && isWanted(name))),
    );
  const files = new Map<string, string | Unreadable>();
  for (const { entry, file, name } of named) files.set(name, await contentOf(entry, file));
  return files;
}

/** Reads one file, under the name by which it is compared. Throws {@link UsageError} where it can't be read. */
export async function readSingle(file: string, name: string): Promise<Files> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} can't be read (${cause.code ?? cause.message}).`, { cause });
  });
  return new Map([[name, textIn(bytes)]]);
}

/** What is no text is told from another one by its hash. */
function textIn(bytes: Buffer): Content {
  const content = textOf(bytes, '');
  return typeof content === 'string'
    ? content
    : { ...content, object: createHash('sha256').update(bytes).digest('hex') };
}

async function contentOf(entry: Dirent, file: string): Promise<string | Unreadable> {
  if (entry.isSymbolicLink()) {
    const target = await readlink(file);
    return { why: `is a symbolic link to ${target}`, object: target };
  }
  try {
    return textIn(await readFile(file));
  } catch (cause) {
    return { why: `can't be read (${cause instanceof Error ? cause.message : 'why is unknown'})`, object: 'unread' };
  }
}
