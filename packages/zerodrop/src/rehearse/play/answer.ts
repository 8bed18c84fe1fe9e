import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../../errors.ts';
import type { ServiceRequest } from '../load/request.ts';
import { send } from '../load/schedule.ts';

const withinMs = 30_000;
const betweenMs = 500;

/** So long an answer that is not right may become right. */
const rightWithinMs = 5_000;

/**
 * The address that answers from where the load will be sent, once it does, so that the load starts when every pod takes part.
 * Throws with the last error where nothing answers for 30 s, and {@link UsageError} where the answer is not what a right one is said to be.
 *
 * Nothing is asked for two endpoint lags. A node port without a pod refuses, and where this machine is the node, its connection
 * tracking remembers that for 120 s: another connection from the same source port is then refused past every pod.
 */
export async function awaitAnswer(
  findUrl: () => Promise<string>,
  endpointLagMs: number,
  request: ServiceRequest,
  signal: AbortSignal,
  wait = async (ms: number): Promise<void> => pause(ms, undefined, { signal }),
): Promise<string> {
  await wait(2 * endpointLagMs);
  const url = await findUrl();
  const startedAt = Date.now();
  let refused = false;
  for (let index = 0; ; index += 1) {
    const failure = await ask(url, request, index);
    signal.throwIfAborted();
    if (failure === null) break;
    const isAnswered = failure.startsWith('HTTP ') || failure.startsWith('wrong') || failure.startsWith('no ');
    if (isAnswered && Date.now() > startedAt + rightWithinMs) throw new UsageError(notRight(request, failure));
    if (Date.now() > startedAt + withinMs) {
      throw new Error(
        `${url} does not answer (${failure}), though the first deployment is complete. Is the address reachable from here?`,
      );
    }
    refused = true;
    await wait(betweenMs);
  }
  if (refused) await wait(endpointLagMs);
  return url;
}

async function ask(url: string, request: ServiceRequest, index: number): Promise<string | null> {
  const agent = new Agent({ keepAlive: false });
  const { failure } = await send(url, agent, { kind: 'new-connection', index, dueAt: Date.now() }, request, askedMs);
  return failure;
}

/** A heavy first answer may take its time. */
const askedMs = 5_000;

/** What is said of a service that answers, and not as it should: what was asked, what came, and how to say it right. */
function notRight(request: ServiceRequest, failure: string): string {
  const came = failure.startsWith('HTTP ')
    ? `the service answers ${failure}`
    : `its answer has ${failure === 'no version' ? 'no version where one is said to stand' : 'another body'}`;
  const remedy =
    failure === 'HTTP 404'
      ? 'Say what the service answers to by --request "METHOD PATH".'
      : 'Say what is asked by --request "METHOD PATH", and what a right answer is by --status, --body-includes or --body-equals.';
  return `Asked for ${request.method} ${request.path}, ${came}, so every request of the load would be lost. ${remedy}`;
}
