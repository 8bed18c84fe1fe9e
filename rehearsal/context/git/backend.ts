import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

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
