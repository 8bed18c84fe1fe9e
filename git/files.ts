/** What a path of a commit holds that nobody can read as text. */
export interface Unreadable {
  /** Why, as a sentence goes on after the path: `is a symbolic link to ../web.yaml`. */
  readonly why: string;
  /** Git's name for it: another one has other content. */
  readonly object: string;
}

/** What a path of a commit holds. */
export type Content = string | Unreadable;

/** What paths of a commit hold, by path. */
export type Files = ReadonlyMap<string, Content>;

/** Runs git with an input, and returns every byte that it printed. */
export type ReadGit = (input: string | Buffer, ...args: readonly string[]) => Promise<Buffer>;

/** Argo CD reads no more of one folder (--max-combined-directory-manifests-size of argocd-repo-server), in bytes. */
const mostBytes = 10 * 1024 * 1024;

/**
 * Reads the files under these paths as a commit or a tree has them. Reads from git and not from the disk, where a checkout may have
 * changed line ends or followed a link. Never throws for what a file holds.
 */
export async function readFiles(git: ReadGit, treeish: string, ...under: readonly string[]): Promise<Files> {
  const entries = parseListing(await git('', 'ls-tree', '-r', '-l', '-z', '--full-tree', treeish, '--', ...under));
  const wanted = entries.flatMap(({ object, bytes }) => (bytes !== null && bytes <= mostBytes ? [object] : []));
  const blobs = await readObjects(git, wanted);
  return new Map(entries.map((entry) => [entry.path, contentOf(entry, blobs.get(entry.object) ?? null)]));
}

/** Reads blobs by git's names for them, with one git for all. One that is no blob, or is not there, is left out. */
export async function readObjects(git: ReadGit, objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const asked = [...new Set(objects)];
  if (asked.length === 0) return new Map();
  const printed = await git(asked.map((object) => `${object}\n`).join(''), 'cat-file', '--batch');
  const blobs = parseBatch(printed, asked.length);
  return new Map(asked.flatMap((object, index) => (blobs[index] ? [[object, blobs[index]] as const] : [])));
}

/** The answers of `git cat-file --batch`: a header, the bytes and an end of line each; or one line where nothing can be read. */
export function parseBatch(printed: Buffer, answers: number): readonly (Buffer | null)[] {
  const read: (Buffer | null)[] = [];
  let at = 0;
  while (read.length < answers) {
    const end = printed.indexOf('\n', at);
    const header = printed.subarray(at, end === -1 ? undefined : end).toString();
    const { type, size } = /^\S+ (?<type>blob|tree|commit|tag) (?<size>\d+)$/.exec(header)?.groups ?? {};
    const from = (end === -1 ? printed.length : end) + 1;
    const to = from + Number(size ?? 0);
    read.push(type === 'blob' ? printed.subarray(from, to) : null);
    at = size === undefined ? from : to + 1;
  }
  return read;
}

/** A text, or why it is none. Argo CD and we read UTF-8 alone. */
export function textOf(bytes: Buffer, object: string): Content {
  const text = decoded(bytes);
  if (text === null) return { why: 'is not UTF-8 text, but binary or in another encoding', object };
  const [control] = /[^\P{Cc}\t\n\r\u0085]/u.exec(text) ?? [];
  if (control !== undefined) return { why: `is no text, because it holds the character ${named(control)}`, object };
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return { why: 'is a pointer of Git LFS instead of the file', object };
  }
  return text;
}

/** Whether two paths hold the same; undefined stands for a path that is not there. */
export function sameContent(one: Content | undefined, other: Content | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.object === other.object;
}

/** A path as sentences show it: what would break the line, or hide in it, is escaped. */
export function shownPath(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${codeOf(character)}}`);
}

interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Null for a submodule. */
  readonly bytes: number | null;
  readonly path: string;
}

function parseListing(listing: Buffer): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < listing.length;) {
    const end = listing.indexOf(0, at);
    const tab = listing.indexOf('\t', at);
    const [mode = '', , object = '', bytes = '-'] = listing.subarray(at, tab).toString().split(/ +/);
    const name = listing.subarray(tab + 1, end);
    const path = decoded(name) ?? name.toString('latin1').replaceAll(/[^ -~]/g, (byte) => `\\x${codeOf(byte)}`);
    entries.push({ mode, object, bytes: bytes === '-' ? null : Number(bytes), path });
    at = end + 1;
  }
  return entries;
}

function contentOf({ mode, object, bytes }: Entry, blob: Buffer | null): Content {
  if (mode === '160000') return { why: `is a submodule at ${object.slice(0, 7)}`, object };
  if (bytes !== null && bytes > mostBytes) {
    const [size, most] = [bytes, mostBytes].map((count) => (count / 1024 / 1024).toFixed(1));
    return { why: `is ${size} MiB large, and Argo CD reads ${most} MiB of a folder at most`, object };
  }
  if (blob === null) return { why: 'is missing in this clone', object };
  if (mode === '120000') return { why: `is a symbolic link to ${shownPath(blob.toString())}`, object };
  return textOf(blob, object);
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function named(character: string): string {
  return `U+${codeOf(character).padStart(4, '0')}`;
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}
