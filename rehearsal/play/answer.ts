import { setTimeout as pause } from 'node:timers/promises';

const withinMs = 30_000;

/**
 * Waits until the service answers from where the load will be sent, and then for one more endpoint lag, so that the load
 * starts when every pod takes part. Throws with the last error where nothing answers for 30 s.
 */
export async function awaitAnswer(url: string, endpointLagMs: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const failure = await ask(url, signal);
    if (failure === null) break;
    if (Date.now() > giveUpAt) {
      throw new Error(
        `${url} does not answer, though the first deployment is complete. Is the address reachable from here?`,
        {
          cause: failure,
        },
      );
    }
    await pause(200, undefined, { signal });
  }
  await pause(endpointLagMs, undefined, { signal });
}

async function ask(url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const timed = AbortSignal.any([signal, AbortSignal.timeout(2_000)]);
    const answer = await fetch(new URL('/version', url), { signal: timed, headers: { connection: 'close' } });
    await answer.arrayBuffer();
    return answer.ok ? null : new Error(`HTTP ${answer.status}`);
  } catch (error) {
    signal.throwIfAborted();
    return error;
  }
}
