import type { RequestHandler } from 'express';

/** Answers what no route has taken with 404. */
export const noRoute: RequestHandler = (request, response) => {
  response.status(404).json({ error: `There is no ${request.method} ${request.path} here.` });
};
