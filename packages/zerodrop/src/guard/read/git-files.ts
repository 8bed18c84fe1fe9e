import { gitBytes } from '../../git.ts';
import { decoded, mostBytes, textOf } from './bytes.ts';
import type { Files, Unreadable } from './files.ts';

/** One path of a commit. */
interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Null for a submodule. */
  readonly bytes: number | null;
  readonly path: string;
}

/**
 * Reads the files of commits below some paths, each content once. Reads from git and not from the disk, where a checkout may have
 * changed line ends or followed a link. What a file holds never makes it fail.
 */
export async function readCommits(
  directory: string,
  commits: readonly string[],
  paths: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<readonly Files[]> {
  const listings = await Promise.all(
    commits.map(async (commit) =>
      parseListing(
        await gitBytes(directory, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit, '--', ...paths]),
      ).filter(
        // A link or a submodule may stand in place of a folder.
        ({ path, mode }) => isWanted(path) || mode === '120000' || mode === '160000',
      ),
    ),
  );
  const wanted = new Set(
    listings.flat().flatMap(({ object, bytes }) => (bytes !== null && bytes <= mostBytes ? [object] : [])),
  );
  const blobs = await readBlobs(directory, [...wanted]);
  const texts = new Map<string, string | Unreadable>();
  const contentOf = (entry: Entry): string | Unreadable => {
    const key = `${entry.mode} ${entry.object}`;
    const known = texts.get(key) ?? read(entry, blobs.get(entry.object));
    texts.set(key, known);
    return known;
  };
  return listings.map((entries) => new Map(entries.map((entry) => [entry.path, contentOf(entry)])));
}

function read({ mode, object, bytes }: Entry, blob: Buffer | undefined): string | Unreadable {
  if (mode === '160000') return { why: `is a submodule at ${object.slice(0, 7)}`, object };
  if (bytes !== null && bytes > mostBytes) {
    return {
      why: `is ${(bytes / 2 ** 20).toFixed(1)} MiB large, and Argo CD reads ${mostBytes / 2 ** 20} MiB of a folder at most`,
      object,
    };
  }
  if (blob === undefined) return { why: 'is missing in this clone', object };
  if (mode === '120000') return { why: `is a symbolic link to ${decoded(blob) ?? 'a path that is not text'}`, object };
  return textOf(blob, object);
}

/** Reads blobs with one git for all. */
async function readBlobs(directory: string, objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  if (objects.length === 0) return blobs;
  const printed = await gitBytes(directory, ['cat-file', '--batch'], objects.map((object) => `${object}\n`).join(''));
  let at = 0;
  for (const object of objects) {
    const end = printed.indexOf('\n', at);
    const [, type, size] = printed.subarray(at, end).toString().split(' ');
    at = end + 1;
    // "missing" has no size and no content.
    if (size === undefined) continue;
    if (type === 'blob') blobs.set(object, printed.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}

function parseListing(listing: Buffer): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < listing.length;) {
    const end = listing.indexOf(0, at);
    const tab = listing.indexOf('\t', at);
    const [mode = '', , object = '', bytes = '-'] = listing.subarray(at, tab).toString().split(/ +/);
    const name = listing.subarray(tab + 1, end);
    entries.push({
      mode,
      object,
      bytes: bytes === '-' ? null : Number(bytes),
      path: decoded(name) ?? name.toString('latin1'),
    });
    at = end + 1;
  }
  return entries;
}
