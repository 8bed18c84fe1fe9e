/** The command line asks for something that can't be done: ends the command with exit 2 and this sentence. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
