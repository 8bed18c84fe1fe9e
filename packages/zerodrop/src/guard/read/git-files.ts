import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitBytes, hookGit, hookGitBytes } from '../../git.ts';
import { isCandidateName, looksLikeManifest } from './candidates.ts';
import { type Content, decoded, type Files, mostBytes, textOf } from './files.ts';

export { type Content, type Files, sameContent, type Unreadable } from './files.ts';

/** Runs git with an input, and returns every byte that it printed. */
export type ReadGit = (input: string | Buffer, ...args: readonly string[]) => Promise<Buffer>;

/** One path of a commit. */
interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Null for a submodule. */
  readonly bytes: number | null;
  readonly path: string;
}

/**
 * Reads the files under these paths as a commit or a tree has them. Reads from git and not from the disk, where a checkout may have
 * changed line ends or followed a link. Never throws for what a file holds.
 */
export async function readFiles(git: ReadGit, treeish: string, ...under: readonly string[]): Promise<Files> {
  const [files = new Map()] = await readTrees(git, [treeish], under, () => true);
  return files;
}

/** The files under these paths as a commit of the repository in a directory has them. */
export async function filesAt(directory: string, commit: string, ...under: readonly string[]): Promise<Files> {
  return readFiles((input, ...args) => gitBytes(directory, input, ...args), commit, ...under);
}

/** Reads the files of commits below some paths, each content once. A link or a submodule is read whatever its name is. */
export async function readCommits(
  directory: string,
  commits: readonly string[],
  paths: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<readonly Files[]> {
  return readTrees((input, ...args) => hookGitBytes(directory, input, ...args), commits, paths, isWanted);
}

async function readTrees(
  git: ReadGit,
  trees: readonly string[],
  under: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<readonly Files[]> {
  const listings = await Promise.all(
    trees.map(async (tree) =>
      parseListing(await git('', 'ls-tree', '-r', '-l', '-z', '--full-tree', tree, '--', ...under)).filter(
        // A link or a submodule may stand in place of a folder.
        ({ path, mode }) => isWanted(path) || mode === '120000' || mode === '160000',
      ),
    ),
  );
  const wanted = listings.flat().flatMap(({ object, bytes }) => (bytes !== null && bytes <= mostBytes ? [object] : []));
  const blobs = await readObjects(git, wanted);
  const texts = new Map<string, Content>();
  const contentOf = (entry: Entry): Content => {
    const key = `${entry.mode} ${entry.object}`;
    const known = texts.get(key) ?? read(entry, blobs.get(entry.object));
    texts.set(key, known);
    return known;
  };
  return listings.map((entries) => new Map(entries.map((entry) => [entry.path, contentOf(entry)])));
}

function read({ mode, object, bytes }: Entry, blob: Buffer | undefined): Content {
  if (mode === '160000') return { why: `is a submodule at ${object.slice(0, 7)}`, object };
  if (bytes !== null && bytes > mostBytes) {
    const [size, most] = [bytes, mostBytes].map((count) => (count / 2 ** 20).toFixed(1));
    return { why: `is ${size} MiB large, and at most ${most} MiB of a folder are read`, object };
  }
  if (blob === undefined) return { why: 'is missing in this clone', object };
  if (mode === '120000') return { why: `is a symbolic link to ${shownPath(blob.toString())}`, object };
  return textOf(blob, object);
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
  const found: (Buffer | null)[] = [];
  let at = 0;
  while (found.length < answers) {
    const end = printed.indexOf('\n', at);
    const header = printed.subarray(at, end === -1 ? undefined : end).toString();
    const { type, size } = /^\S+ (?<type>blob|tree|commit|tag) (?<size>\d+)$/.exec(header)?.groups ?? {};
    const from = (end === -1 ? printed.length : end) + 1;
    const to = from + Number(size ?? 0);
    found.push(type === 'blob' ? printed.subarray(from, to) : null);
    at = size === undefined ? from : to + 1;
  }
  return found;
}

/** A path as sentences show it: what would break the line, or hide in it, is escaped. */
export function shownPath(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${codeOf(character)}}`);
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
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

/** What of a working copy is not in what is compared: `working copy` is all that no commit has, `not staged` what no index has. */
export type Uncommitted = 'working copy' | 'not staged';

/** Files of a working copy that hold manifests and are not compared, since nobody has committed or staged what is in them. */
export async function uncommittedManifests(
  root: string,
  below: readonly string[],
  which: Uncommitted,
  compared: Files,
): Promise<readonly string[]> {
  const asked = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', ...below];
  // It only tells what was left out: where git can't say, by a broken filter for example, the comparison stands all the same.
  const status = await hookGit(root, ...asked).catch(() => '');
  const changed = status.split('\0').flatMap((entry) => {
    const name = entry.slice(3);
    // The first letter is the index, the second the working copy.
    const isLeftOut = which === 'working copy' || entry[1] !== ' ';
    return entry !== '' && isLeftOut && isCandidateName(name) ? [name] : [];
  });
  const held = await Promise.all(
    changed.map(async (name) => ((await holdsManifests(root, name, compared)) ? [name] : [])),
  );
  return held.flat();
}

async function holdsManifests(root: string, name: string, compared: Files): Promise<boolean> {
  const committed = compared.get(name);
  if (committed !== undefined && looksLikeManifest(committed)) return true;
  return looksLikeManifest(await readFile(join(root, name), 'utf8').catch(() => ''));
}
