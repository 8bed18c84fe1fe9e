/** The working copy does not allow a release: ends the command with exit 3 and this sentence. */
export class CannotRelease extends Error {
  override readonly name: string = 'CannotRelease';
}
