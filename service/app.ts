import express, { type Express } from 'express';
import type { Environment, Identity } from './environment.ts';
import { faultyAnswers } from './faults.ts';
import { echo, events, failure, identify, noRoute, version, wait } from './handlers.ts';
import type { Log } from './log.ts';
import type { Metrics } from './management.ts';
import type { Lifecycle } from './shutdown/lifecycle.ts';

export interface AppParts {
  readonly identity: Identity;
  readonly environment: Pick<Environment, 'dependencyDelayMs' | 'faults'>;
  readonly measured: Pick<Metrics, 'middleware'>;
  readonly lifecycle: Lifecycle;
  readonly log: Log;
  readonly random: () => number;
}

/** Puts the routes for clients together. What is listed first sees a request first. */
export function createApp({ identity, environment, measured, lifecycle, log, random }: AppParts): Express {
  const { faults, dependencyDelayMs } = environment;
  const faulty = faults.answerDelayMs > 0 || faults.failureRate > 0 ? [faultyAnswers(faults, random)] : [];

  const app = express();
  app.disable('etag').disable('x-powered-by');
  app.use(measured.middleware);

  app.get('/version', faulty, version(identity, dependencyDelayMs));
  app.post('/echo', identify(identity), faulty, echo);
  app.get('/wait', identify(identity), wait(identity));
  app.get('/events', identify(identity), events(identity, lifecycle.leaving));

  app.use(noRoute);
  app.use(failure(log));
  return app;
}
