import { didYouMean } from 'zerodrop/options';
import { z } from 'zod';
import { isRecord, says } from './value.ts';

/**
 * An object of the settings, with no keys but these. `expected` says in a sentence what it has to have.
 *
 * The message of a schema is the end of a sentence. One that begins with a comma follows the value's path and the value; any other
 * follows the path alone, because the value is a secret or says nothing.
 */
export function object<Shape extends z.ZodRawShape>(shape: Shape, expected: string) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : `, expected an object with ${expected}.`,
  });
}

/** Where a value stands: as a person would point to it, and not always as it was checked. */
export type Relocate = (path: readonly PropertyKey[]) => readonly PropertyKey[];

/** Everything that a schema has against a value, a sentence each: which setting, what it is, what is expected. */
export function sentencesOf(
  { issues }: z.core.$ZodError,
  value: unknown,
  relocate: Relocate = (path) => path,
): readonly string[] {
  const sentences = issues.flatMap(({ path, message, ...issue }) => {
    const place = placeOf(relocate(path), value);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(place, key, message));
    if (/^[ .]/.test(message)) return [`${place}${message}`];
    const words = message.startsWith(',') ? `${says(valueAt(value, path))}${message}` : message;
    return [place === '' ? words : `${place} ${words}`];
  });
  return [...new Set(sentences)];
}

/** A misspelled setting would be ignored, and its owner would believe it. */
function unknownKey(place: string, key: string, known: string): string {
  const hint = didYouMean(key, known.split(', '));
  return `${place === '' ? '' : `${place}.`}${key} is not a setting.${hint} Use one of ${known}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((within, key) => {
    if (Array.isArray(within)) return within[Number(key)];
    return isRecord(within) ? within[String(key)] : undefined;
  }, value);
}

/** `environments.production.after`: an entry of a list by its name, where it has one. */
function placeOf(path: readonly PropertyKey[], value: unknown): string {
  const parts = path.map((key, index) => {
    if (typeof key !== 'number') return `.${String(key)}`;
    const entry = valueAt(value, path.slice(0, index + 1));
    const name = isRecord(entry) ? entry['name'] : undefined;
    return typeof name === 'string' && /^[\w-]+$/.test(name) ? `.${name}` : `[${key}]`;
  });
  return parts.join('').replace(/^\./, '');
}
