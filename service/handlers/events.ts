import type { RequestHandler } from 'express';
import type { Identity } from '../environment.ts';

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
