import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';

/** What a repository has at a path where no text can be read. */
export interface Unreadable {
  /** Why, as a sentence goes on after the path: `is a symbolic link to ../web.yaml`. */
  readonly why: string;
  /** Another one has another content; git's name for it, for example. */
  readonly object: string;
}

/** What a path holds. */
export type Content = string | Unreadable;

/** Files by their path, relative to the repository. */
export type Files = ReadonlyMap<string, Content>;

/** Whether two paths hold the same; undefined stands for a path that is not there. */
export function sameContent(one: Content | undefined, other: Content | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.object === other.object;
}

/** Argo CD reads no more of one folder (--max-combined-directory-manifests-size of argocd-repo-server), in bytes. */
export const mostBytes = 10 * 1024 * 1024;

/** The text of a file, or why it is none. Kubernetes and Argo CD read UTF-8 alone. */
export function textOf(bytes: Buffer, object: string): string | Unreadable {
  const text = decoded(bytes);
  if (text === null) return { why: 'is not UTF-8 text, but binary or in another encoding', object };
  const control = /[^\P{Cc}\t\n\r\u0085]/u.exec(text)?.[0];
  if (control !== undefined) {
    const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return { why: `is not text, because it holds the character U+${code}`, object };
  }
  if (text.startsWith('version https://git-lfs.github.com/spec/'))
    return { why: 'is a pointer of Git LFS instead of the file', object };
  return text;
}

/** Text of UTF-8 bytes; null for other bytes. */
export function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

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
