import { setTimeout as pause } from 'node:timers/promises';

const withinMs = 30_000;
const betweenMs = 500;

/**
 * The address that answers from where the load will be sent, once it does, so that the load starts when every pod takes part.
 * Throws with the last error where nothing answers for 30 s.
 *
 * Nothing is asked for two endpoint lags. A node port without a pod refuses, and where this machine is the node, its connection
 * tracking remembers that for 120 s: another connection from the same source port is then refused past every pod.
 */
export async function awaitAnswer(
  findUrl: () => Promise<string>,
  endpointLagMs: number,
  signal: AbortSignal,
  wait = async (ms: number): Promise<void> => pause(ms, undefined, { signal }),
): Promise<string> {
  await wait(2 * endpointLagMs);
  const url = await findUrl();
  const giveUpAt = Date.now() + withinMs;
  let refused = false;
  for (let failure = await ask(url, signal); failure !== null; failure = await ask(url, signal)) {
    if (Date.now() > giveUpAt) {
      throw new Error(
        `${url} does not answer, though the first deployment is complete. Is the address reachable from here?`,
        { cause: failure },
      );
    }
    refused = true;
    await wait(betweenMs);
  }
  if (refused) await wait(endpointLagMs);
  return url;
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
