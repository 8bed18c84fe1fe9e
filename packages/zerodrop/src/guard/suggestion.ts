import { stringify } from 'yaml';
import { isRecord } from './model/field.ts';
import type { ManifestObject } from './model/object.ts';
import { yamlOptions } from './read/location.ts';
import type { Place } from './rule.ts';

/** The value of a field before a change; undefined where it had none, or where nobody can tell which entry of a list it was. */
export function formerValue({ object, keys }: Place, old: ManifestObject | undefined): unknown {
  if (old === undefined) return undefined;
  const isSameEntry = keys.every((key, index) => {
    if (typeof key !== 'number') return true;
    const path = keys.slice(0, index + 1);
    return nameOf(object.field(...path).value) === nameOf(old.field(...path).value);
  });
  return isSameEntry ? old.field(...keys).value : undefined;
}

/** What is written in a field, before anything decides what it means: 1.10 and not 1.1. Undefined where it takes several lines. */
export function writtenValue({ object, keys }: Place): string | undefined {
  const written = object.source(keys);
  if (written === null) return undefined;
  return typeof keys.at(-1) === 'number' ? written : /^[^:]*:\s+(.*)$/.exec(written)?.[1];
}

/** What tells an entry of a list from the others. */
function nameOf(entry: unknown): unknown {
  if (!isRecord(entry)) return null;
  return entry['name'] ?? entry['port'] ?? entry['containerPort'] ?? entry['host'] ?? null;
}

/** A field with another value, as one line of its file; null where one line does not hold it, or does not hold what it has now. */
export function entryText({ object, keys }: Place, value: unknown): string | null {
  const is = object.field(...keys).value;
  if (!isScalar(value) || !isScalar(is) || is === value) return null;
  const { line, column, endLine, endColumn } = object.range(keys);
  const key = keys.at(-1);
  // A value that an alias stands for is written elsewhere.
  if (line !== endLine || endColumn - column <= (typeof key === 'string' ? key.length + 2 : 0)) return null;
  if (object.path.endsWith('.json')) {
    return typeof key === 'string' ? `${JSON.stringify(key)}: ${JSON.stringify(value)}` : JSON.stringify(value);
  }
  return typeof key === 'string' ? `${scalarText(key)}: ${scalarText(value)}` : scalarText(value);
}

function scalarText(value: string | number | boolean): string {
  const text = stringify(value, { ...yamlOptions, lineWidth: 0 }).trimEnd();
  // What takes several lines, or means something in a map in braces, is written with quotes.
  return /^[\w./@%+-][\w./@%+: -]*$/.test(text) && !/: |:$/.test(text) ? text : JSON.stringify(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
