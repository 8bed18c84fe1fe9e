import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listener that could not be opened. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Makes the HTTP server, with time limits for standing between load balancers and clients. A request that takes longer than
 * `longestRequestMs` to come in is answered 408: a shutdown waits no longer than that for the open ones.
 */
export function serve(app: RequestListener, longestRequestMs: number): Server {
  return createServer(
    {
      // A Google L7 load balancer reuses a connection for up to 600 s, and must be the one that closes it.
      keepAliveTimeout: 620_000,
      headersTimeout: longestRequestMs,
      requestTimeout: longestRequestMs,
      // Node.js looks every 30 s otherwise, and lets a slow request live as much longer.
      connectionsCheckingInterval: 1_000,
    },
    app,
  );
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
