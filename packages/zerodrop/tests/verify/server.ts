import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Null closes the connection, and silence keeps it open. */
type Answer = null | 'silence' | { readonly status?: number; readonly body: string };

/** An endpoint that answers its requests one after the other, the last answer again and again. */
export async function endpoint(
  ...answers: readonly Answer[]
): Promise<{ readonly url: string; readonly sockets: () => number; readonly paths: readonly (string | undefined)[] }> {
  const sockets = new Set<unknown>();
  const paths: (string | undefined)[] = [];
  let asked = 0;
  const server = http.createServer((request, response) => {
    sockets.add(request.socket);
    paths.push(request.url);
    const answer = answers[Math.min(asked, answers.length - 1)] ?? null;
    asked += 1;
    if (answer === null) request.socket.destroy();
    else if (answer !== 'silence') response.writeHead(answer.status ?? 200).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sockets: () => sockets.size, paths };
}
