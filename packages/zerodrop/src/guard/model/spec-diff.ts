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
