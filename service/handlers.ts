import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Identity } from './environment.ts';
import type { Log } from './log.ts';

/** Says in headers who answers, failures included: the load of a rehearsal reads them. */
export function identify(identity: Identity): RequestHandler {
  const headers = { 'x-version': identity.version, 'x-revision': identity.revision, 'x-pod': identity.pod };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}

/** `GET /version`: what is running here, after the wait for a slow dependency if there is one. */
export function version(identity: Identity, dependencyDelayMs: number): RequestHandler {
  return async (_request, response) => {
    if (dependencyDelayMs > 0) await sleep(dependencyDelayMs);
    response.json(identity);
  };
}

/** The longest wait that can be asked for, in milliseconds. */
const LONGEST_ASKED_MS = 60_000;

/** `GET /wait?ms=N`: what is running here, after so long: a request that is open while its pod ends. */
export function wait(identity: Identity): RequestHandler {
  return async (request, response) => {
    const { ms } = request.query;
    if (typeof ms !== 'string' || !/^\d{1,5}$/.test(ms) || Number(ms) > LONGEST_ASKED_MS) {
      response.status(400).json({ error: `ms must be a whole number from 0 to ${LONGEST_ASKED_MS}.` });
      return;
    }
    await sleep(Number(ms));
    response.json(identity);
  };
}

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

/**
 * Collects a request's body as it was sent, without decoding it: express.raw() would unpack a compressed one. Stops at
 * `limit` bytes and leaves the rest to Node.js, which reads it and throws it away. Rejects with an error of status 400
 * when the client goes away in the middle.
 */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;

    function settle(result: Buffer | 'too large'): void {
      request.off('data', collect).off('end', finish).off('error', leave);
      resolve(result);
    }
    function collect(chunk: Buffer): void {
      size += chunk.length;
      if (size > limit) settle('too large');
      else chunks.push(chunk);
    }
    const finish = () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    const leave = (cause: Error) =>
      reject(Object.assign(new Error('The client went away in the middle of its body.', { cause }), { status: 400 }));

    if (Number(request.headers['content-length']) > limit) resolve('too large');
    else request.on('data', collect).on('end', finish).on('error', leave);
  });
}

/** How long a browser waits before it connects again, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * `GET /events`: server-sent events without an end, one every `everyMs`, numbered on from the last one that the client has
 * seen. It ends when the process is told to stop: the client connects again and reaches another pod.
 */
export function events(identity: Identity, leaving: AbortSignal, everyMs = 1_000): RequestHandler {
  return (request, response) => {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    let id = Number(/^\d{1,15}$/.exec(request.get('Last-Event-ID') ?? '')?.[0] ?? 0);
    // Not while a client reads nothing: what it misses would pile up here.
    const send = () => response.writableNeedDrain || response.write(`id: ${(id += 1)}\ndata: ${data}\n\n`);
    const data = JSON.stringify(identity);
    response.write(`retry: ${RETRY_MS}\n\n`);
    const ticking = setInterval(send, everyMs);
    const end = () => response.end();
    leaving.addEventListener('abort', end);
    response.once('close', () => {
      clearInterval(ticking);
      leaving.removeEventListener('abort', end);
    });
    // Not refused: a browser would not connect again.
    if (leaving.aborted) end();
  };
}

/** Answers what no route has taken with 404. */
export const noRoute: RequestHandler = (request, response) => {
  response.status(404).json({ error: `There is no ${request.method} ${request.path} here.` });
};

/**
 * Answers a request whose handler threw. What is the client's fault (an error with a 4xx status) goes back in the error's
 * words; anything else is logged, and the client learns only that it happened.
 */
export function failure(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const status = clientStatus(error);
    if (status === undefined) log.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    if (response.headersSent) {
      // Half an answer can't be taken back; a torn connection at least can't pass for a whole one.
      response.destroy();
    } else if (status !== undefined && error instanceof Error) {
      response.status(status).json({ error: error.message });
    } else {
      response.status(500).json({ error: 'Something failed here; the log of this pod says what.' });
    }
  };
}

function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
