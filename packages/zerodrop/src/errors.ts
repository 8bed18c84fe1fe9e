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
