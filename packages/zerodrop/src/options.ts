import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command line says, by the name of each option. */
export type Values<Wanted extends Options> = ReturnType<
  typeof parseArgs<{ options: Wanted; args: string[]; allowPositionals: true }>
>;

/** Reads the options and paths of a command. Throws {@link UsageError} for one that it does not have. */
export function readOptions<const Wanted extends Options>(args: readonly string[], options: Wanted): Values<Wanted> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const [sentence = 'The options can not be read'] = cause instanceof Error ? cause.message.split('. ') : [];
    const unknown = /^Unknown option '(-[^']*)'/.exec(sentence)?.[1] ?? '';
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${sentence.replace(/\.$/, '')}.${didYouMean(unknown, known)} See --help.`, { cause });
  }
}
