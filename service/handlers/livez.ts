import type { RequestHandler } from 'express';

/** `GET /livez`: the process answers. It asks nothing else: a restart would not mend a dependency. */
export const livez: RequestHandler = (_request, response) => {
  response.json({ status: 'alive' });
};
