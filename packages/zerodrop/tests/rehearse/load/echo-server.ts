import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free port of this machine, as it is needed to try a client on. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Connections accepted so far. */
  connections(): number;
}

/** Answers as the service does: the body comes back, with the version in a header. */
export const echo: RequestListener = (request, response) => {
  response.setHeader('x-version', 'v1');
  request.pipe(response);
};

/** Serves on 127.0.0.1 until it is disposed of. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, listener).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
