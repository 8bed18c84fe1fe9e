import { isDeepStrictEqual } from 'node:util';
import { nearest } from '../../options.ts';
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

/** The field in which a new object differs from one that is gone, so that it takes its place. */
export interface Successor {
  readonly object: ManifestObject;
  /** Where the new object says what makes it another one. */
  readonly keys: readonly string[];
  /** What the field said before. */
  readonly former: string;
}

/**
 * The new object that stands where one is gone: it has another namespace, another kind or another name, and the rest of what a
 * cluster tells objects apart by is the same. Null where nothing new is like it.
 */
export function successorOf(gone: ManifestObject, changes: readonly Change[]): Successor | null {
  const added = addedIn(changes);
  const isKind = (object: ManifestObject): boolean => object.kind === gone.kind && object.group === gone.group;
  const moved = added.find((object) => isKind(object) && object.name === gone.name);
  if (moved !== undefined && moved.namespace !== gone.namespace) {
    return { object: moved, keys: ['metadata', 'namespace'], former: gone.namespace ?? '' };
  }
  const sameName = added.filter(({ name, namespace }) => name === gone.name && namespace === gone.namespace);
  const kind = nearest(
    gone.kind,
    sameName.map((object) => object.kind),
  );
  const otherKind = sameName.find((object) => object.kind === kind);
  if (otherKind !== undefined) return { object: otherKind, keys: ['kind'], former: gone.kind };
  const otherGroup = sameName.find((object) => object.kind === gone.kind && object.group !== gone.group);
  if (otherGroup !== undefined) return { object: otherGroup, keys: ['apiVersion'], former: gone.apiVersion };
  const sameKind = added.filter((object) => isKind(object) && object.namespace === gone.namespace);
  const name = nearest(gone.name, sameKind.length > mostCompared ? [] : sameKind.map((object) => object.name));
  const renamed = sameKind.find((object) => object.name === name) ?? alike(gone, sameKind);
  return renamed === undefined ? null : { object: renamed, keys: ['metadata', 'name'], former: gone.name };
}

/** Where more objects of a kind are new, a name that is like another one says nothing. */
const mostCompared = 50;

const addedBy = new WeakMap<readonly Change[], readonly ManifestObject[]>();

function addedIn(changes: readonly Change[]): readonly ManifestObject[] {
  const known = addedBy.get(changes);
  if (known !== undefined) return known;
  const added = changes.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
  addedBy.set(changes, added);
  return added;
}

/** The only new object of a file from which one is gone. */
function alike(gone: ManifestObject, added: readonly ManifestObject[]): ManifestObject | undefined {
  const there = added.filter((object) => object.path === gone.path);
  return there.length === 1 ? there[0] : undefined;
}

/** The new ConfigMap or Secret that takes the place of one whose name ends in a hash of its data, as Kustomize makes them. */
export function hashedSuccessor(
  gone: ManifestObject,
  { before, after }: Pick<FolderComparison, 'before' | 'after'>,
): ManifestObject | undefined {
  const stem = gone.is('/ConfigMap', '/Secret') ? stemOf(gone.name) : null;
  if (stem === null) return undefined;
  return after.objects.find(
    (other) => other.kind === gone.kind && stemOf(other.name) === stem && before.get(other.key) === undefined,
  );
}

/** A name without the hash at its end; null where it has none. */
function stemOf(name: string): string | null {
  return (
    /^(.+)-(?=[a-z0-9]*[0-9])[a-z0-9]{5,64}$/.exec(name)?.[1] ??
    /^(.+)-[bcdfghjklmnpqrstvwxz2-9]{10}$/.exec(name)?.[1] ??
    /^(.+)-[a-f]{8,}$/.exec(name)?.[1] ??
    null
  );
}
