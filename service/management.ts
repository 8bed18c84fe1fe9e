import express, { type Express } from 'express';
import { livez } from './handlers/livez.ts';
import { metrics } from './handlers/metrics.ts';
import { noRoute } from './handlers/no-route.ts';
import { type Readiness, readyz } from './handlers/readyz.ts';
import type { Metrics } from './metrics.ts';

/** What is asked by the cluster and never by a client: probes, and the collector of metrics. It has a port of its own. */
export function createManagement(measured: Pick<Metrics, 'write'>, readiness: Readiness): Express {
  const app = express();
  app.disable('etag').disable('x-powered-by');
  app.get('/livez', livez);
  app.get('/readyz', readyz(readiness));
  app.get('/metrics', metrics(measured));
  app.use(noRoute);
  return app;
}
