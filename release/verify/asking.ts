import type { Clock } from '../publish/clock.ts';

/** Asking Argo CD for a look at git, over and over. */
export interface Asking {
  /** What the last call met with; null where it went well. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/** A push is seen by polling after minutes; and after a restart Argo CD stays where it was until somebody asks. */
const everyMs = 5_000;

/** Asks at once and every few seconds, until told to stop. A call that fails is told and made again: its cause may pass. */
export function askAgainAndAgain(ask: () => Promise<void>, { pause }: Pick<Clock, 'pause'>): Asking {
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
