import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { devNull } from 'node:os';
import path from 'node:path';
import { userEnvironment } from '../../git.ts';
import { run, type ProcessOptions } from '../../program.ts';
import { type Scratch, scratchEnvironment } from '../scratch.ts';

/** The repository and branch that Argo CD follows. */
export interface Source {
  readonly repository: string;
  readonly branch: string;
  /** Makes the scratch clone's pushed commit visible there. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the scratch remote itself, for as long as the play goes on. */
export async function scratchSource(
  scratch: Scratch,
  own: string,
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<Source> {
  const server = await serveGit(scratch.remote, own, host, scratchEnvironment(environment));
  return { repository: server.url, branch: 'main', deliver: async () => undefined, close: async () => server.close() };
}

/** Uses a branch of a repository that exists. */
export function upstreamSource(
  scratch: Scratch,
  own: string,
  repository: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Source {
  const user = { directory: scratch.directory, environment: userEnvironment(environment), signal };
  const upstream = upstreamBranch(user, repository, own);
  return { repository, branch: own, deliver: async () => upstream.push(), close: async () => upstream.remove() };
}

/** A branch of the play's own in a repository that exists. */
export interface Upstream {
  /** Brings the branch to the scratch clone's commit. */
  push(): Promise<void>;
  /** Takes the branch away again. */
  remove(): Promise<void>;
}

/**
 * Prepares pushes from the scratch clone to a repository that exists, with the user's own git configuration and credentials.
 * On a branch of its own: main of a fork has a history, and perhaps an environment that follows it.
 */
export function upstreamBranch(user: ProcessOptions, url: string, branch: string): Upstream {
  let pushed = false;
  return {
    async push() {
      pushed = true;
      await push(user, '--force', url, `HEAD:refs/heads/${branch}`).catch((cause: Error) => {
        throw new Error(
          `--repository ${url} took no push of branch ${branch}. Check that your git credentials may write there. ${cause.message}`,
          { cause },
        );
      });
    },
    async remove() {
      if (!pushed) return;
      pushed = false;
      // An interrupted play has used up its signal.
      const last = { ...user, signal: AbortSignal.timeout(30_000) };
      await push(last, url, `:refs/heads/${branch}`).catch((cause: Error) => {
        if (cause.message.includes('remote ref does not exist')) return;
        throw new Error(`Branch ${branch} is left in ${url}. Delete it by: git push ${url} :${branch}`, { cause });
      });
    },
  };
}

async function push(where: ProcessOptions, ...args: readonly string[]): Promise<void> {
  // The user's hooks stay out: they belong to the user's own commits.
  await run(where, 'git', '-c', `core.hooksPath=${devNull}`, 'push', '--quiet', ...args);
}

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

/** One request to `git http-backend`, as CGI (RFC 3875) wants it told. */
export interface BackendRequest {
  /** The bare repository's folder, and its name in there. */
  readonly root: string;
  readonly repository: string;
  /** What is asked of it, such as `info/refs`. */
  readonly resource: string;
  readonly query: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Lets `git http-backend` answer. Resolves once it has ended. */
export async function answerByBackend(
  asked: BackendRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const backend = spawn('git', ['http-backend'], {
    env: { ...asked.environment, ...variables(asked, request) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A client that goes away in the middle takes its backend along.
  response.on('close', () => backend.kill());
  // It may end before it has read all that was sent; that is its own business.
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  await new Promise<void>((resolve) => {
    let head: Buffer | null = Buffer.alloc(0);
    backend.stdout.on('data', (chunk: Buffer) => {
      if (head === null) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const { status, headers } = parseHead(head.subarray(0, end).toString('latin1'));
      response.writeHead(status, headers);
      response.write(head.subarray(end + 4));
      head = null;
    });
    backend.on('error', () => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    backend.on('close', () => {
      response.end();
      resolve();
    });
  });
}

function variables({ root, repository, resource, query }: BackendRequest, request: IncomingMessage): NodeJS.ProcessEnv {
  const { headers, method = 'GET' } = request;
  const protocol = headers['git-protocol'];
  return {
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${repository}/${resource}`,
    QUERY_STRING: query,
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
  };
}

/** The head of a CGI answer: its status is a header like the others, and 200 where it says none. */
export function parseHead(head: string): { readonly status: number; readonly headers: Record<string, string> } {
  const lines = head.split('\r\n').map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  const all = lines.flatMap((line) => (line === null ? [] : [[line[1] ?? '', line[2] ?? ''] as const]));
  const status = all.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
  const headers = all.filter(([name]) => name.toLowerCase() !== 'status');
  return { status: Number.parseInt(status, 10), headers: Object.fromEntries(headers) };
}
