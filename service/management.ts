import express, { type Express, type RequestHandler } from 'express';
import { noRoute } from './handlers.ts';
import type { Metrics } from './metrics.ts';

/** What readiness depends on. */
export interface Readiness {
  /** Whether the port that requests come to is open. */
  readonly isListening: () => boolean;
  /** The fault of that name. */
  readonly neverReady: boolean;
}

/** What is asked by the cluster and never by a client: probes, and the collector of metrics. It has a port of its own. */
export function createManagement(measured: Pick<Metrics, 'write'>, readiness: Readiness): Express {
  const app = express();
  app.disable('etag').disable('x-powered-by');
  app.get('/livez', livez);
  app.get('/readyz', readyz(readiness));
  app.get('/metrics', (request, response) => measured.write(request, response));
  app.use(noRoute);
  return app;
}

/** `GET /livez`: the process answers. It asks nothing else: a restart would not mend a dependency. */
const livez: RequestHandler = (_request, response) => {
  response.json({ status: 'alive' });
};

/** `GET /readyz`: requests may come, from the first answer to the last, the drain included. */
function readyz({ isListening, neverReady }: Readiness): RequestHandler {
  return (_request, response) => {
    if (neverReady) response.status(503).json({ status: 'not ready', reason: 'the fault neverReady is on' });
    else if (isListening()) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', reason: 'the port for requests is closed' });
  };
}
