import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Identity } from '../environment.ts';

/** `GET /version`: what is running here, after the wait for a slow dependency if there is one. */
export function version(identity: Identity, dependencyDelayMs: number): RequestHandler {
  return async (_request, response) => {
    if (dependencyDelayMs > 0) await sleep(dependencyDelayMs);
    response.json(identity);
  };
}
