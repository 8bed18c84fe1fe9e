import type { ErrorRequestHandler } from 'express';
import type { Log } from '../log.ts';

/**
 * Answers a request whose handler threw. What is the client's fault (an error with a 4xx status) goes back in the error's
 * words; anything else is logged, and the client learns only that it happened.
 */
export function failure(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const status = clientStatus(error);
    if (status === undefined) log.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    if (response.headersSent) {
      // Half an answer can't be taken back; a torn connection at least can't pass for a whole one.
      response.destroy();
    } else if (status !== undefined && error instanceof Error) {
      response.status(status).json({ error: error.message });
    } else {
      response.status(500).json({ error: 'Something failed here; the log of this pod says what.' });
    }
  };
}

function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
