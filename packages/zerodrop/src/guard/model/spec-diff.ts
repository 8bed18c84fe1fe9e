import { isDeepStrictEqual } from 'node:util';
import type { Keys } from '../read/location.ts';
import { isRecord } from '../record.ts';
import type { Field } from './field.ts';
import type { ManifestObject } from './object.ts';

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

/** A value in a sentence, not longer than a line. */
export function inWords(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** A number of things, such as `1 pod` or `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
