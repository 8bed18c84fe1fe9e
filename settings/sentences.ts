import { z } from 'zod';

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

/** What a check across several settings found: the one that it is about, and the end of a sentence as in {@link object}. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
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

/** One of some words. The sentence about another one says which of them is near. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.enum(words, {
    error: ({ input }) =>
      `, expected one of ${words.join(', ')}.${typeof input === 'string' ? didYouMean(input, words) : ''}`,
  });
}

/**
 * ` Did you mean X?`, where a known word is near; else empty. The package has its own: the settings of a commit are loaded where only that
 * commit is, and need no package of the workspace for it.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const most = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const [best] = known
    .map((one) => ({ one, edits: edits(word.toLowerCase(), one.toLowerCase()) }))
    .filter((found) => found.edits <= most)
    .toSorted((a, b) => a.edits - b.edits);
  return best === undefined ? '' : ` Did you mean ${best.one}?`;
}

/** How many letters have to be added, removed, replaced or swapped with their neighbour to make one word of the other. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  let above: readonly number[] = [];
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      const isSwapped = index > 0 && letter === other[column - 1] && one[index - 1] === against;
      const swapped = isSwapped ? (above[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      const replaced = (row[column] ?? 0) + (letter === against ? 0 : 1);
      next.push(Math.min(swapped, replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    above = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** An object with keys, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a text says as JSON; null where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How a sentence says a setting's value: `is 'x'`, `is 3`, or `is missing`. */
export function says(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (typeof value === 'string') return `is '${value}'`;
  // JSON has no NaN and no Infinity.
  if (typeof value === 'number') return `is ${value}`;
  return `is ${JSON.stringify(value) ?? typeof value}`;
}

/** True for a name that Kubernetes takes everywhere: lower case letters, digits and hyphens, first a letter. */
export function isLabel(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(value);
}

/** What {@link isLabel} expects, for a sentence. */
export function labelRule(longest: number): string {
  return `lower case letters, digits and hyphens, a letter first and no hyphen last, at most ${longest} characters`;
}

/**
 * What an owner wrote wrong in settings.ts or apps/services/, or what can't run of it: a sentence each, which names the setting, its value and
 * what is expected. Told apart from a wrong use, because nothing that is wrong in a file of main may hold up a rollback.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  /** `problems` begin with the setting's path in `file`, such as `environments.production.after`; with the file itself where that is null. */
  constructor(problems: readonly string[], options?: ErrorOptions, file: string | null = 'settings.ts') {
    super(problems.map((problem) => (file === null ? problem : `${file}: ${problem}`)).join('\n'), options);
    this.problems = problems;
  }
}

/**
 * True for what an owner wrote wrong, in settings.ts or in apps/, in any working copy: a clone's settings.ts throws the error class of
 * its own copy.
 */
export function isSettingsError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SettingsError';
}
