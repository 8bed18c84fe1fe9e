import { setTimeout as pause } from 'node:timers/promises';
import type { Pin } from '../../../apps/pins.ts';
import { ask } from './ask.ts';
import { wrongWith } from './right.ts';

/** How an endpoint is asked. */
export interface Manner {
  /** A new load balancer takes this long to hear of its pods. */
  readonly firstWithinMs: number;
  readonly answerWithinMs: number;
  readonly everyMs: number;
  /** How many answers are wanted after the first right one. */
  readonly answers: number;
}

const usual: Manner = { firstWithinMs: 60_000, answerWithinMs: 5_000, everyMs: 100, answers: 20 };

/** What speaks against an endpoint. */
export type Objection =
  /** It answers, and not as it should. */
  | { readonly kind: 'wrong'; readonly says: string }
  /** Nothing answers: that may be the way to it, from where we are. */
  | { readonly kind: 'silent'; readonly says: string };

/**
 * Asks an endpoint for its version, again and again over new connections. Waits for the first right answer, and wants every one after it to
 * be right; only one may be lost on the way. Null where nothing speaks against it.
 */
export async function probe(
  url: string,
  pin: Pin | null,
  signal: AbortSignal,
  manner = usual,
): Promise<Objection | null> {
  const first = await firstRight(url, pin, signal, manner);
  if (first !== null) return first;
  const lost: string[] = [];
  for (let asked = 0; asked < manner.answers; asked += 1) {
    await pause(manner.everyMs, undefined, { signal });
    const answer = await ask(url, manner.answerWithinMs, signal);
    const wrong = typeof answer === 'string' ? null : wrongWith(answer, pin);
    if (typeof answer === 'string') lost.push(answer);
    if (wrong !== null) return { kind: 'wrong', says: `${url} answers ${wrong}, after it had answered correctly.` };
    if (lost.length > 1) return { kind: 'wrong', says: `${url} did not answer some requests: ${lost.join(', ')}.` };
  }
  return null;
}

async function firstRight(
  url: string,
  pin: Pin | null,
  signal: AbortSignal,
  { firstWithinMs, answerWithinMs, everyMs }: Manner,
): Promise<Objection | null> {
  const endsAt = Date.now() + firstWithinMs;
  let said = false;
  for (;;) {
    const answer = await ask(url, answerWithinMs, signal);
    const isSilent = typeof answer === 'string';
    const wrong = isSilent ? answer : wrongWith(answer, pin);
    if (wrong === null) return null;
    said ||= !isSilent;
    if (Date.now() > endsAt) {
      return said
        ? { kind: 'wrong', says: `${url} answers ${wrong}.` }
        : {
            kind: 'silent',
            says: `Nothing answers at ${url} (${wrong}). Check the address, and that this machine can reach it.`,
          };
    }
    await pause(everyMs, undefined, { signal });
  }
}
