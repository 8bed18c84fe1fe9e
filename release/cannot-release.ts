/** The working copy does not allow a release: ends the command with exit 3 and this sentence. */
export class CannotRelease extends Error {
  override readonly name: string = 'CannotRelease';
}

/** It was interrupted: ends the command with exit 130. */
export class Interrupted extends CannotRelease {
  override readonly name = 'Interrupted';
}
