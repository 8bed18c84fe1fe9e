import type { RequestHandler } from 'express';
import type { Identity } from './environment.ts';

/** Says in headers who answers, failures included: the load of a rehearsal reads them. */
export function identify(identity: Identity): RequestHandler {
  const headers = { 'x-version': identity.version, 'x-revision': identity.revision, 'x-pod': identity.pod };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}
