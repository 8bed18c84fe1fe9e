import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request of GitHub's API that writes something, without the address of the repository. */
export interface Written {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** As much of GitHub's API as Argo CD's notifications call, on this machine: it takes every token and keeps what is written. */
export async function serveGitHub(): Promise<{
  readonly url: string;
  /** Whoever has looked at them may empty it. */
  readonly written: Written[];
  close(): Promise<void>;
}> {
  const written: Written[] = [];
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://github');
    const body: unknown = request.method === 'POST' ? JSON.parse((await text(request)) || '{}') : {};
    const [, path] = /\/repos\/[^/]+\/[^/]+\/(.*)$/.exec(pathname) ?? [];
    if (request.method === 'POST' && path !== undefined) written.push({ path, body: Object(body) });
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
    const token = { token: 'test', expires_at: new Date(Date.now() + 3_600_000).toISOString() };
    response.end(JSON.stringify(request.method === 'GET' ? [] : { id: 1, ...token }));
  };
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    written,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
