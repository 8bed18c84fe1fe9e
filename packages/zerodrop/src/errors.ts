import { inspect } from 'node:util';

/** The user's mistake: a wrong option, a reference that is not there. The command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It did not work: git failed, a file can't be written. The command ends with exit code 3. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
}

/** It was interrupted: exit code 130. Told apart, because an interruption is neither a reason to try again nor a verdict. */
export class Interrupted extends OperationError {
  override readonly name = 'Interrupted';
}

/** A program that was run did not do its part. Told apart, because callers read what it said and how it ended. */
export class ProgramError extends OperationError {
  override readonly name = 'ProgramError';
  /** Its exit code, or why it could not be started; null where that is not known. */
  readonly code: unknown;
  /** Its own words. */
  readonly said: string;

  constructor(sentence: string, code: unknown, said: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.said = said;
  }
}

/** What is told where a program can't be started. */
export function notStarted(program: string, cause: Error & { readonly code?: unknown }): OperationError {
  const why = cause.code === 'ENOENT' ? 'is not installed, or not on PATH' : `can't be started (${cause.message})`;
  return new OperationError(`${program} ${why}. Fix that, and run this again.`, { cause });
}

/** What a command prints and how it ends. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * How a command ends that throws: the user's mistake with 2, what did not work with 3, an interruption with 130, each with its sentence.
 * Everything else is a fault of ours: it ends with 3, and its stack says where.
 *
 * @param name stands before what is said; empty for nothing
 * @param isMistake what else is the user's mistake
 */
export function failure(error: unknown, name: string, isMistake: (error: unknown) => boolean = () => false): Ended {
  const told = (words: string, exitCode: number): Ended => {
    return { stdout: '', stderr: `${name === '' ? '' : `${name}: `}${words}\n`, exitCode };
  };
  if (error instanceof Error && (error instanceof UsageError || isMistake(error))) return told(error.message, 2);
  if (error instanceof OperationError) return told(error.message, error instanceof Interrupted ? 130 : 3);
  return told(`this should not happen, please report it. ${inspect(error)}`, 3);
}

/** Runs a command as the program of this process: prints what it returns, or what is made of its error, and sets the exit code. */
export async function runCommand(
  command: () => Promise<Ended | number>,
  ofError: (error: unknown) => Ended,
): Promise<void> {
  endQuietlyWithoutReader();
  const ended = await command().catch(ofError);
  if (typeof ended === 'number') {
    process.exitCode = ended;
    return;
  }
  process.stderr.write(ended.stderr);
  process.stdout.write(ended.stdout);
  process.exitCode = ended.exitCode;
}

/**
 * Runs something that ends early on Ctrl-C, or when a runner is told to stop. Its programs are in process groups of their own, which
 * no terminal reaches, and its temporary folders want to be removed. Throws {@link Interrupted} where it fails after that: a terminal
 * ends what it can reach, and whatever fails then is no fault of its own.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const stop = (): void => interruption.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(interruption.signal);
  } catch (cause) {
    if (!interruption.signal.aborted || cause instanceof Interrupted) throw cause;
    throw new Interrupted('Interrupted.', { cause });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** What a shell says of a program whose reader left before it was done: 128 and the number of SIGPIPE. */
const readerLeft = 141;

/**
 * Lets a program end quietly, with exit code 141, once nobody reads what it says any more: `npm run synth | head -1`. What it is at is
 * finished, or ended by `leave`: an exit on the spot would leave half of it behind.
 */
export function endQuietlyWithoutReader(leave: () => void = () => undefined): void {
  let isLeft = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (isLeft) return;
      isLeft = true;
      process.on('exit', () => (process.exitCode = readerLeft));
      leave();
    });
  }
}
