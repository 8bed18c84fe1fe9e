/** A tool or a service outside did not do its part: ends the command with exit 3 and this sentence. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

/** The command was called in a wrong way: ends it with exit 2 and this sentence. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
