import type { IncomingMessage, ServerResponse } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { Identity } from './environment.ts';
import { noRoute } from './handlers.ts';

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

/** The boundaries that OpenTelemetry's conventions advise for `http.server.request.duration`, in seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export interface Metrics {
  /** Measures every request that comes after it. */
  readonly middleware: RequestHandler;
  /** `GET /metrics`: answers with everything measured so far, in Prometheus' text format. */
  write(request: IncomingMessage, response: ServerResponse): void;
}

/** What is open at the moment. */
export interface OpenCounts {
  readonly requests: () => number;
  readonly upgraded: () => number;
}

/** Starts to measure: how long requests take, how many are open, and which build answers them. */
export function createMetrics(identity: Identity, open: OpenCounts): Metrics {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('service');

  // The exporter leaves the unit out of the name, where Prometheus wants it.
  const duration = meter.createHistogram('http.server.request.duration.seconds', {
    description: 'How long requests took, by route pattern.',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  // Beside the histogram's own count, which Google's objectives can't read.
  const requests = meter.createCounter('http.server.requests', { description: 'Requests that were answered.' });
  meter
    .createObservableGauge('http.server.active_requests', { description: 'Requests that are being answered.' })
    .addCallback((result) => result.observe(open.requests()));
  meter
    .createObservableGauge('http.server.upgraded_connections', { description: 'Connections of other protocols.' })
    .addCallback((result) => result.observe(open.upgraded()));
  meter
    .createObservableGauge('build.info', { description: 'Which build this is; always 1.' })
    .addCallback((result) => result.observe(1, { version: identity.version, revision: identity.revision }));

  return {
    middleware(request, response, next) {
      const startedAt = performance.now();
      response.once('close', () => {
        // Nobody answered a client that left: Node.js would say 200, its default. 499 is what proxies write.
        const status = { 'http.response.status_code': response.writableFinished ? response.statusCode : 499 };
        requests.add(1, status);
        duration.record((performance.now() - startedAt) / 1_000, {
          'http.request.method': request.method,
          'http.route': routePattern(request),
          ...status,
        });
      });
      next();
    },
    write: (request, response) => exporter.getMetricsRequestHandler(request, response),
  };
}

/** The pattern, not the path: strangers choose paths, and each new label value would be kept for ever. */
function routePattern(request: Request): string {
  const route: { readonly path?: unknown } | undefined = request.route;
  return typeof route?.path === 'string' ? route.path : 'none';
}
