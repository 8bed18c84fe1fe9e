import type { RequestHandler } from 'express';

/** `GET /readyz`: requests may come, from the first answer to the last, the drain included. The fault says never. */
export function readyz(neverReady: boolean): RequestHandler {
  return (_request, response) => {
    if (neverReady) response.status(503).json({ status: 'not ready', reason: 'the fault neverReady is on' });
    else response.json({ status: 'ready' });
  };
}
