import type { RequestHandler } from 'express';
import { readBody } from '../body.ts';

/** The largest body that is sent back: 1 MiB, in bytes. */
export const ECHO_LIMIT = 1_048_576;

/** `POST /echo`: the body comes back byte for byte, as the content type that it was sent as. */
export const echo: RequestHandler = async (request, response) => {
  const body = await readBody(request, ECHO_LIMIT);
  if (body === 'too large') {
    response.status(413).json({ error: `A body may have ${ECHO_LIMIT} bytes; this one has more.` });
    return;
  }
  // Without nosniff a browser could be brought to show a stranger's text as a page of this host.
  response.set('X-Content-Type-Options', 'nosniff');
  // Not set() and send(): they add a charset.
  response.setHeader('Content-Type', request.headers['content-type'] ?? 'application/octet-stream');
  response.end(body);
};
