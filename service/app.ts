import express, { type Express } from 'express';
import type { Environment } from './environment.ts';
import { faultyAnswers } from './faulty-answers.ts';
import { echo } from './handlers/echo.ts';
import { failure } from './handlers/failure.ts';
import { livez } from './handlers/livez.ts';
import { metrics } from './handlers/metrics.ts';
import { noRoute } from './handlers/no-route.ts';
import { readyz } from './handlers/readyz.ts';
import { version } from './handlers/version.ts';
import { identify } from './identify.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { OpenRequests } from './shutdown/open-requests.ts';

export interface AppParts {
  readonly identity: Identity;
  readonly environment: Pick<Environment, 'dependencyDelayMs' | 'faults'>;
  readonly requests: OpenRequests;
  readonly log: Log;
  readonly random: () => number;
}

/** Puts the routes together. What is listed first sees a request first. */
export function createApp({ identity, environment, requests, log, random }: AppParts): Express {
  const measured = createMetrics(identity, requests.count);
  const { faults, dependencyDelayMs } = environment;
  const faulty = faults.answerDelayMs > 0 || faults.failureRate > 0 ? [faultyAnswers(faults, random)] : [];

  const app = express();
  app.disable('etag').disable('x-powered-by');
  app.use(requests.middleware);
  app.use(measured.middleware);

  app.get('/version', faulty, version(identity, dependencyDelayMs));
  app.post('/echo', identify(identity), faulty, echo);
  app.get('/livez', livez);
  app.get('/readyz', readyz(faults.neverReady));
  app.get('/metrics', metrics(measured));

  app.use(noRoute);
  app.use(failure(log));
  return app;
}
