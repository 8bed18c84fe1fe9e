import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenRequests } from './connections/open-requests.ts';
import { refuseStalledUploads, refuseUnreadable } from './connections/refuse.ts';

/** A listener that could not be opened. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Makes an HTTP server, with time limits for standing between load balancers and clients: headers have to be complete
 * within `patienceMs`, and whole requests within `requestMs`.
 */
export function serve(app: RequestListener, patienceMs: number, requestMs: number = patienceMs): Server {
  return createServer(
    {
      // A Google L7 load balancer reuses a connection for up to 600 s, and must be the one that closes it.
      keepAliveTimeout: 620_000,
      headersTimeout: patienceMs,
      requestTimeout: requestMs,
      // Node.js looks every 30 s otherwise, and lets a slow request live as much longer.
      connectionsCheckingInterval: 1_000,
    },
    app,
  );
}

/**
 * Makes the server for clients, which answers every request that it has read: also those that are pipelined, come before
 * rubbish, or whose client has closed its side of the connection. A client that sends or takes nothing for `patienceMs`
 * is given up.
 */
export function serveClients(app: RequestListener, requests: OpenRequests, patienceMs: number): Server {
  // An upload may take as long as it goes on.
  const server = serve(requests.before(app), patienceMs, 0);
  refuseUnreadable(server, requests);
  refuseStalledUploads(server, requests, patienceMs);
  // Node.js drops the requests of a client that has sent its last byte. A client that is gone looks the same until something
  // is sent to it: hence the limit.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket) => socket.once('end', () => socket.setTimeout(patienceMs)));
  return server;
}

/** Opens the listener and returns its address. Throws a {@link ListenError} that says what is in the way, and names the variable to change. */
export function listen(
  server: Server,
  port: number,
  host: string | undefined,
  variable = 'PORT',
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} is taken by another program. Choose another with ${variable}.`
          : `Cannot listen on ${host ?? 'all addresses'}, port ${port}: ${cause.message}. Choose others with HOST and ${variable}.`;
      reject(new ListenError(reason, { cause }));
    });
    server.listen({ port, host }, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
}
