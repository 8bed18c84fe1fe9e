import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import { answerByBackend } from './backend.ts';

/** A bare repository that is served over smart HTTP. */
export interface GitServer {
  /** As Argo CD is told it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a bare repository over smart HTTP, to be read and never written: the rehearsal itself pushes by its path. `host` is
 * an address of this machine; the port is any free one. Throws where the machine has no such address.
 */
export async function serveGit(
  repository: string,
  name: string,
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<GitServer> {
  const folder = { root: path.dirname(repository), repository: path.basename(repository), environment };
  const server = http.createServer((request, response) => {
    // Not by new URL(), which throws at what anyone may ask for: the path `//` has no host.
    const [pathname = '', query = ''] = (request.url ?? '').split('?', 2);
    const resource = readableResource(request.method ?? 'GET', pathname, query, `/${name}.git/`);
    if (resource === null) {
      response
        .writeHead(403, { 'content-type': 'text/plain' })
        .end('This repository can only be cloned and fetched.\n');
      return;
    }
    void answerByBackend({ ...folder, resource, query }, request, response);
  });
  await listen(server, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}/${name}.git`,
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What of the repository is asked for, where that is one of the two requests of a fetch; else null. */
export function readableResource(method: string, pathname: string, query: string, prefix: string): string | null {
  const resource = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : null;
  const advertises = method === 'GET' && resource === 'info/refs' && query === 'service=git-upload-pack';
  const fetches = method === 'POST' && resource === 'git-upload-pack';
  return advertises || fetches ? resource : null;
}

async function listen(server: http.Server, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new Error(
          `--git-host is ${host}, but the scratch repository can't be served there (${cause.code ?? cause.message}). Name an address of this machine that Argo CD reaches.`,
          { cause },
        ),
      );
    });
    server.listen(0, host, resolve);
  });
}
