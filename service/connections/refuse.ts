import type { Server } from 'node:http';
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
