import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { OpenRequests } from './open-requests.ts';

/** What is answered to a request that Node.js could not read, by the code of its error. Any other one is a 400. */
const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** Ends a connection with an answer without a body, after the answers to all requests that came in whole before it. */
export function refuse(socket: Socket, status: string, requests: OpenRequests): void {
  requests.answered(socket, () => {
    // Half an answer can't be taken back, and nothing may be put into its middle.
    if (!socket.writable || requests.isAnswering(socket)) socket.destroy();
    else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
}

/**
 * Refuses what can't be read as a request. Left alone, Node.js writes its 400 at once, where the client expects the
 * answer to an earlier request, and closes the connection on all that wait.
 */
export function refuseUnreadable(server: Server, requests: OpenRequests): void {
  const refused = new WeakSet<Duplex>();
  const once = (socket: Socket, status: string): void => {
    // Each further piece of the same rubbish is an error again.
    if (refused.has(socket)) return;
    refused.add(socket);
    refuse(socket, status, requests);
  };
  // A reset is told here too: to a connection that is destroyed nothing is sent.
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) =>
    once(socket, statuses[code] ?? '400 Bad Request'),
  );
  // Without a listener Node.js closes such a connection on the requests before it.
  server.on('connect', (_request, socket: Socket) => once(socket, '405 Method Not Allowed'));
}

/** How often uploads are looked at. */
const LOOK_MS = 1_000;

interface Upload {
  readonly request: IncomingMessage;
  bytesRead: number;
  /** For how long nothing has come in. */
  stalledMs: number;
}

/**
 * Answers an upload with 408 when nothing of it has come in for `patienceMs`. One that goes on may take as long as it
 * needs: a limit for the whole of it would refuse large bodies on slow lines, and a client that wants to hold a connection
 * may keep it idle just as well.
 */
export function refuseStalledUploads(server: Server, requests: OpenRequests, patienceMs: number): void {
  const uploads = new Map<Socket, Upload>();

  function look(): void {
    for (const [socket, upload] of uploads) {
      if (upload.request.complete || socket.destroyed) {
        uploads.delete(socket);
        continue;
      }
      // A paused socket waits for the app, not for the client.
      const isMoving = socket.bytesRead !== upload.bytesRead || socket.isPaused();
      upload.stalledMs = isMoving ? 0 : upload.stalledMs + LOOK_MS;
      upload.bytesRead = socket.bytesRead;
      if (upload.stalledMs < patienceMs) continue;
      uploads.delete(socket);
      refuse(socket, '408 Request Timeout', requests);
    }
  }

  server.on('request', (request: IncomingMessage) =>
    uploads.set(request.socket, { request, bytesRead: request.socket.bytesRead, stalledMs: 0 }),
  );
  const looking = setInterval(look, LOOK_MS).unref();
  server.once('close', () => clearInterval(looking));
}

/**
 * Follows a server's connections and returns a function that closes those on which nothing has ever come in, such as the
 * ones that browsers open ahead. Node.js counts them as busy: `closeIdleConnections()` leaves them, and the server
 * stays open with them until its limit.
 */
export function trackSilentConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  };
}
