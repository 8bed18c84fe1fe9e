import { Interrupted } from 'zerodrop/errors';

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
