import { isDeepStrictEqual } from 'node:util';
import type { Flaw, ManifestFile } from '../read/file.ts';
import type { Keys } from '../read/location.ts';
import type { Folder, World } from './folder.ts';
import { type Field, isRecord, type ManifestObject } from './object.ts';
import { type Appliers, isKept } from './sync.ts';

/** One object that differs: it is new where `before` is null, and gone where `after` is null. */
export type Change =
  | { readonly before: ManifestObject; readonly after: ManifestObject }
  | { readonly before: null; readonly after: ManifestObject }
  | { readonly before: ManifestObject; readonly after: null };

/** One folder before and after a change. */
export interface FolderComparison extends Appliers {
  /** Relative to the repository, such as `manifests/staging`. */
  readonly path: string;
  readonly before: Folder;
  readonly after: Folder;
  readonly changes: readonly Change[];
  /** True where the folder becomes what it has been before, byte for byte: something is rolled back. */
  readonly returns: boolean;
  readonly files: readonly FileComparison[];
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

/** The objects that differ between two states: what is gone, and not kept in the cluster, first, then in the order of `after`. */
export function changesBetween(before: Folder, after: Folder, appliers: Appliers): readonly Change[] {
  const gone = before.objects.filter((object) => after.get(object.key) === undefined && !isKept(object, appliers));
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

/** A field that differs between two versions of an object. */
export interface FieldChange {
  /** The path without the places in lists, such as `rules.host`. */
  readonly name: string;
  readonly before: Field<never>;
  readonly after: Field<never>;
}

/** Each field below a path that differs, as deep as both sides are maps; lists are compared as a whole. */
export function fieldChanges(before: ManifestObject, after: ManifestObject, root: Keys): readonly FieldChange[] {
  return compare(before.field(...root), after.field(...root), []);
}

function compare(before: Field<never>, after: Field<never>, path: readonly string[]): readonly FieldChange[] {
  if (isDeepStrictEqual(before.value, after.value)) return [];
  const isBoth = isRecord(before.value) && isRecord(after.value);
  const isWhole = isBoth || (path.length === 0 && (isRecord(before.value) || isRecord(after.value)));
  if (!isWhole) return [{ name: path.join('.'), before, after }];
  const keys = [...new Set([...before.entries(), ...after.entries()].map(([key]) => key))];
  return keys.flatMap((key) => compare(before.loose(key), after.loose(key), [...path, key]));
}

/** How much of a value a sentence shows. */
const longest = 60;

/** A value in a sentence, not longer than a line. */
export function inWords(value: unknown): string {
  return shortened(textOf(value));
}

/** What a value was and what it becomes, such as `from 1 to 2`. Of long values only what is around the first difference. */
export function fromTo(before: unknown, after: unknown): string {
  const [old, next] = [textOf(before), textOf(after)];
  const same = [...old].findIndex((character, index) => character !== next[index]);
  const start = same > longest - 20 ? same - 20 : 0;
  const part = (text: string): string => `${start > 0 ? '...' : ''}${shortened(text.slice(start))}`;
  return `from ${part(old)} to ${part(next)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** A number of things, such as `1 pod` or `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
