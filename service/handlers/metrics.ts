import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics.ts';

/** `GET /metrics`: everything measured so far, in Prometheus' text format. */
export function metrics(source: Pick<Metrics, 'write'>): RequestHandler {
  return (request, response) => source.write(request, response);
}
