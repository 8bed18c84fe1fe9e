import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';

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
