import { posix } from 'node:path';
import { sameContent } from '../../git/files.ts';
import { changes, type Change } from './change.ts';
import type { ManifestFile, ManifestObject, Manifests } from './documents.ts';

/**
 * What one application applies, before and after. An object may move between the files of a folder; one that moves to another
 * folder is pruned by the first application.
 */
export interface Folder {
  /** Relative to the repository, such as `manifests/staging`. */
  readonly path: string;
  readonly before: readonly ManifestObject[];
  readonly after: readonly ManifestObject[];
  readonly changes: readonly Change[];
  /** It becomes what it has been before, byte for byte: a release is rolled back. */
  readonly returns: boolean;
}

/** A file that is new or has another text. */
export interface ChangedFile extends ManifestFile {
  readonly path: string;
}

/** All that a rule looks at. */
export interface Comparison {
  /** Every folder, changed or not. */
  readonly folders: readonly Folder[];
  readonly files: readonly ChangedFile[];
}

/** Compares two states of the manifests. `returning` names the folders that become what they have been before. */
export function compare(before: Manifests, after: Manifests, returning: ReadonlySet<string>): Comparison {
  // Of a file that can't be read any more nobody knows that its objects are gone: its flaw is the finding.
  const known = new Map([...after].map(([path, file]) => [path, file.isRead ? file : (before.get(path) ?? file)]));
  const paths = [...new Set([...before.keys(), ...after.keys()].map((path) => posix.dirname(path)))];
  return {
    folders: paths.toSorted().map((path) => {
      const old = objectsIn(before, path);
      const next = objectsIn(known, path);
      return { path, before: old, after: next, changes: changes(old, next), returns: returning.has(path) };
    }),
    files: [...after].flatMap(([path, file]) =>
      sameContent(before.get(path)?.content, file.content) ? [] : [{ path, ...file }],
    ),
  };
}

function objectsIn(manifests: Manifests, folder: string): readonly ManifestObject[] {
  return [...manifests].flatMap(([path, { objects }]) => (posix.dirname(path) === folder ? objects : []));
}
