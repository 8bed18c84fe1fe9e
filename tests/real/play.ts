const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
const begunAt = Date.now();

/** Ends a play on the lab early. */
export const { signal } = interruption;

/** What takes down what a play has made; the last one comes first. They run when the play is interrupted, too. */
export const takeDowns: (() => Promise<unknown>)[] = [];

/** Prints a line, with the seconds since the play began. */
export function say(what: string): void {
  process.stdout.write(`${((Date.now() - begunAt) / 1_000).toFixed(1).padStart(6)} s  ${what}\n`);
}

/** Runs a play, and takes down what it has made. */
export async function perform(play: () => Promise<void>): Promise<void> {
  try {
    await play();
    say('passed');
  } finally {
    for (const takeDown of takeDowns.toReversed()) await takeDown();
  }
}
