import type { RequestHandler } from 'express';

/** What readiness depends on. */
export interface Readiness {
  /** Whether the port that requests come to is open. */
  readonly isListening: () => boolean;
  /** The fault of that name. */
  readonly neverReady: boolean;
}

/** `GET /readyz`: requests may come, from the first answer to the last, the drain included. */
export function readyz({ isListening, neverReady }: Readiness): RequestHandler {
  return (_request, response) => {
    if (neverReady) response.status(503).json({ status: 'not ready', reason: 'the fault neverReady is on' });
    else if (isListening()) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', reason: 'the port for requests is closed' });
  };
}
