import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command line says, by the name of each option. */
export type Values<Wanted extends Options> = ReturnType<
  typeof parseArgs<{ options: Wanted; args: string[]; allowPositionals: true }>
>;

/** What else a command takes, and how it tells about itself. */
export interface Reading {
  /** What a person types to be told of the options. `--help` unless said. */
  readonly help?: string;
  /** How many words beside the options it takes at the most; any number unless said. */
  readonly words?: number;
}

/**
 * Reads the options and words of a command. Throws {@link UsageError} for an option that it does not have, that is given twice, is empty
 * or lacks its value, and for a word too many.
 */
export function readOptions<const Wanted extends Options>(
  args: readonly string[],
  options: Wanted,
  { help = '--help', words = Number.POSITIVE_INFINITY }: Reading = {},
): Values<Wanted> {
  const fault = faultOf(args, options, words);
  if (fault !== null) throw new UsageError(`${fault} See ${help}.`);
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)} See ${help}.`, { cause });
  }
}

/** The milliseconds that an option names in seconds. Throws {@link UsageError} for what is no number. */
export function millisecondsOf(option: string, seconds: string): number {
  if (/^\d+(?:\.\d+)?$/.test(seconds)) return Number(seconds) * 1_000;
  throw new UsageError(`${option} is ${JSON.stringify(seconds)}, expected a number of seconds.`);
}

/** The port that --live and --live-port ask for; null for no page. Throws {@link UsageError} for what is no port. */
export function livePort({ live = false, 'live-port': port }: { live?: boolean; 'live-port'?: string }): number | null {
  if (port === undefined) return live ? 0 : null;
  if (/^\d+$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new UsageError(
    `--live-port is ${JSON.stringify(port)}, expected a port of this machine, or 0 for any that is free.`,
  );
}

/** The whole number within bounds that an option names. Throws {@link UsageError} for any other. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(
      `${option} is ${JSON.stringify(text)}, but a whole number from ${least} to ${most} is expected.`,
    );
  }
  return value;
}

/** A commit that an option names by its whole hash. Throws {@link UsageError} for anything else. */
export function commitHash(option: string, value: string): string {
  if (/^[0-9a-f]{40}$/.test(value)) return value;
  throw new UsageError(
    `${option} is ${JSON.stringify(value)}, expected all 40 hex digits of a commit, as git rev-parse prints them.`,
  );
}

/** What to tell a person who asked for a command that there is not. */
export function noCommand(name: string, commands: readonly string[], help: string): UsageError {
  const meant = didYouMean(name, commands);
  return new UsageError(
    `There is no command ${JSON.stringify(name)}.${meant} The commands are ${commands.join(', ')}. See ${help}.`,
  );
}

function faultOf(args: readonly string[], options: Options, words: number): string | null {
  const known = Object.keys(options).map((name) => `--${name}`);
  const seen = new Set<string>();
  let left = words;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') {
      left -= 1;
      if (left < 0)
        return `${JSON.stringify(token.value)} is one word too many.${didYouMean(`--${token.value}`, known)}`;
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) return `Unknown option '${rawName}'.${didYouMean(rawName, known)}`;
    if (option.type === 'boolean') {
      if (value !== undefined) return `${rawName} takes no value, but ${JSON.stringify(value)} is given.`;
      continue;
    }
    // A word that begins with a hyphen is rather the next option than the value of this one.
    if (value === undefined || (!inlineValue && value.startsWith('-') && value !== '-')) {
      return `${rawName} has no value.${value === undefined ? '' : ` If ${value} is meant, write ${rawName}=${value}.`}`;
    }
    if (value.trim() === '') return `${rawName} is empty.`;
    if (option.multiple !== true && seen.has(name)) return `${rawName} is given twice. Give it once.`;
    seen.add(name);
  }
  return null;
}

/** The candidate that a misspelt word most likely means; null where none is near, or the word is one of them. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  // A third of the letters may be wrong, and three at most: more is another word.
  let best = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  let found: string | null = null;
  for (const candidate of candidates) {
    if (candidate === word) return null;
    if (Math.abs(candidate.length - word.length) >= best) continue;
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase(), best);
    if (edits >= best) continue;
    best = edits;
    found = candidate;
  }
  return found;
}

/** ` Did you mean X?`, to be put behind a sentence; empty where nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === null ? '' : ` Did you mean ${found}?`;
}

/** `expected one of X, Y. Did you mean X?`, the end of a sentence about a word that is none of them. */
export function expectedOneOf(words: readonly string[], word: unknown): string {
  return `expected one of ${words.join(', ')}.${typeof word === 'string' ? didYouMean(word, words) : ''}`;
}

/** An option that is one of these words. Throws {@link UsageError} for another. */
export function oneOf<Known extends string>(option: string, said: string, known: readonly Known[]): Known {
  const found = known.find((one) => one === said);
  if (found !== undefined) return found;
  throw new UsageError(`${option} is ${JSON.stringify(said)}, ${expectedOneOf(known, said)}`);
}

/** How many letters have to be added, removed, replaced or swapped with their neighbour; `most` where they are as many, or more. */
function editsBetween(one: string, other: string, most: number): number {
  const above = Array.from({ length: other.length + 1 }, (_, index) => index);
  let rows: readonly [readonly number[], readonly number[]] = [above, above];
  for (let i = 1; i <= one.length; i += 1) {
    const [last, previous] = rows;
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (previous[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    // Two rows decide on the next one: where no cell of either is below, none will be.
    if (Math.min(...row, ...last) >= most) return most;
    rows = [row, last];
  }
  return rows[0][other.length] ?? 0;
}
