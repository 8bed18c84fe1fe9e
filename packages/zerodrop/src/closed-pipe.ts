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
