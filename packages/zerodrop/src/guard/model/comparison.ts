import { isDeepStrictEqual } from 'node:util';
import type { Flaw, ManifestFile } from '../read/file.ts';
import type { Folder } from './folder.ts';
import type { ManifestObject } from './object.ts';
import type { World } from './world.ts';

/** One object that differs: it is new where `before` is null, and gone where `after` is null. */
export type Change =
  | { readonly before: ManifestObject; readonly after: ManifestObject }
  | { readonly before: null; readonly after: ManifestObject }
  | { readonly before: ManifestObject; readonly after: null };

/** One folder before and after a change. */
export interface FolderComparison {
  /** Relative to the repository, such as `manifests/staging`. */
  readonly path: string;
  readonly before: Folder;
  readonly after: Folder;
  readonly changes: readonly Change[];
  /** True where the folder becomes what it has been before, byte for byte: something is rolled back. */
  readonly returns: boolean;
  readonly files: readonly FileComparison[];
  /** True where Argo CD applies it: an Application of this repository names it, or the profile says so. */
  readonly isOfArgo: boolean;
}

/** One file of a folder that is new or has other bytes, and what is wrong with it. */
export interface FileComparison {
  readonly path: string;
  readonly before: ManifestFile | null;
  readonly after: ManifestFile | null;
  readonly flaws: readonly Flaw[];
}

/** All that a rule may ask. */
export interface Comparison {
  /** The folders in which a file differs. */
  readonly folders: readonly FolderComparison[];
  readonly before: World;
  readonly after: World;
}

/** The objects that differ between two states: what is gone first, then in the order of `after`. */
export function changesBetween(before: Folder, after: Folder): readonly Change[] {
  const gone = before.objects.filter(({ key }) => after.get(key) === undefined);
  const rest = after.objects.map((object) => ({ before: before.get(object.key) ?? null, after: object }));
  return [
    ...gone.map((object) => ({ before: object, after: null })),
    ...rest.filter((change) => !isSame(change.before, change.after)),
  ];
}

function isSame(before: ManifestObject | null, after: ManifestObject): boolean {
  if (before === null) return false;
  // A text that stands on both sides is parsed once.
  return before.document === after.document || isDeepStrictEqual(before.document, after.document);
}
