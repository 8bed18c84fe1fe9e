import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Answers one request of a test. */
export type Answer = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void;

/** Serves a Kubernetes API for a test on a free local port, with a kubeconfig whose only context, `test`, leads to it. */
export async function serveApi(answer: Answer): Promise<{ readonly kubeconfig: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) =>
    answer(request, response, new URL(request.url ?? '/', 'http://api')),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-kubeconfig-'));
  const kubeconfig = path.join(folder, 'config');
  await writeFile(kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`));
  return {
    kubeconfig,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await rm(folder, { recursive: true });
    },
  };
}

/** A kubeconfig in JSON, which is YAML too. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token: 'secret' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
