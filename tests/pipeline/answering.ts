import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Runs a test against a server on this machine; `host` is its address with port. */
export async function answering(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  test: (host: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  try {
    await test(`127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}
