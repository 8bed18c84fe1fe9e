import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Faults } from './faults.ts';

/** Makes the answers behind it slow, or fail. `random` returns numbers from 0 to below 1, like Math.random. */
export function faultyAnswers(
  faults: Pick<Faults, 'answerDelayMs' | 'failureRate'>,
  random: () => number,
): RequestHandler {
  return async (_request, response, next) => {
    if (faults.answerDelayMs > 0) await sleep(faults.answerDelayMs);
    if (random() < faults.failureRate) {
      response.status(500).json({ error: `The fault failureRate fails ${faults.failureRate} of all answers.` });
    } else {
      next();
    }
  };
}
