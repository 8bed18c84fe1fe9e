import type { RequestHandler, Response } from 'express';

/** The requests that have come in and are not answered to the end. */
export interface OpenRequests {
  /** Goes before everything else in the app: what it does not see is neither counted nor told to close. */
  readonly middleware: RequestHandler;
  count(): number;
  /** From now on every answer ends its connection, those of the requests that are open already included. */
  announceClose(): void;
}

/** Starts to keep count. */
export function trackOpenRequests(): OpenRequests {
  const open = new Set<Response>();
  let closing = false;
  return {
    middleware(_request, response, next) {
      open.add(response);
      response.once('close', () => open.delete(response));
      if (closing) response.set('Connection', 'close');
      next();
    },
    count: () => open.size,
    announceClose() {
      closing = true;
      for (const response of open) {
        if (!response.headersSent) response.set('Connection', 'close');
      }
    },
  };
}
