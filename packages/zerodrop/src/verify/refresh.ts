/** Asking Argo CD for a look at git, over and over. */
export interface Refreshing {
  /** What the last call met with; null where it went well. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/** Waits so long, and ends early and without an error when the signal says to stop. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A push is seen by polling after minutes; and after a restart Argo CD stays where it was until somebody asks. */
const everyMs = 5_000;

/** Asks at once and every few seconds, until told to stop. A call that fails is told and made again: its cause may pass. */
export function refreshAgainAndAgain(ask: () => Promise<void>, pause: Pause): Refreshing {
  const stopped = new AbortController();
  let trouble: string | null = null;
  const keepOn = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      trouble = await ask().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      await pause(everyMs, stopped.signal);
    }
  };
  const ended = keepOn();
  return {
    trouble: () => trouble,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}
