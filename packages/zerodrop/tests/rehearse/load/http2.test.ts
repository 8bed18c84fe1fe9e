import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeClient } from '../../../src/rehearse/load/client.ts';
import type { Client } from '../../../src/rehearse/load/connections.ts';
import { echo as asked } from '../../../src/rehearse/load/request.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

const echo = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200, 'x-version': 'v1', 'x-pod': 'a' });
  stream.pipe(stream);
};

interface Served {
  readonly client: Client;
  readonly sessions: ServerHttp2Session[];
}

async function serve(
  answer: (stream: ServerHttp2Stream) => void,
  server: Http2Server = createServer(),
  authority?: string,
): Promise<Served> {
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session.on('error', () => undefined)));
  server.on('stream', (stream) => answer(stream.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => server.close());
  ends.push(() => sessions.forEach((session) => session.destroy()));
  const { port } = server.address() as AddressInfo;
  const url = `${authority === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const client = makeClient({ url, isHttp2: true, authority: authority ?? null }, asked, { inTurn: 1, idleMs: [] });
  ends.push(() => client.close());
  return { client, sessions };
}

const due = (kind: 'keep-alive' | 'new-connection', index = 0) => ({ kind, index, dueAt: 0 });

describe('a client by HTTP/2', () => {
  test('keeps a connection, and opens another for each request that is to have a new one', async () => {
    const { client, sessions } = await serve(echo);

    expect(await client.send(due('keep-alive'))).toMatchObject({ version: 'v1', pod: 'a', failure: null });
    expect(await client.send(due('keep-alive', 1))).toMatchObject({ failure: null });
    expect(sessions).toHaveLength(1);
    const { port } = await client.send(due('new-connection'));
    expect(sessions).toHaveLength(2);
    expect(port).toBe(sessions[1]?.socket.remotePort);
  });

  test('finishes what a connection has that the service is leaving, and opens another', async () => {
    const { client, sessions } = await serve((stream) => {
      // Later: the request was taken before the service said that it leaves.
      setTimeout(() => echo(stream), 50);
      if (sessions.length === 1) setTimeout(() => stream.session?.goaway(), 10);
    });

    expect(await client.send(due('keep-alive'))).toMatchObject({ failure: null });
    expect(await client.send(due('keep-alive', 1))).toMatchObject({ failure: null });
    expect(sessions).toHaveLength(2);
  });

  test('finishes what it has begun when it is to keep no connection any more', async () => {
    const { client, sessions } = await serve((stream) => void setTimeout(() => echo(stream), 50));
    // Before any of the connections is up.
    const all = [0, 1, 2].map(async (index) => client.send(due('keep-alive', index)));
    client.retire();

    expect((await Promise.all(all)).map(({ failure }) => failure)).toEqual([null, null, null]);
    await vi.waitFor(() => expect(sessions.every(({ destroyed }) => destroyed)).toBe(true));
  });

  test('loses a request whose stream is reset', async () => {
    const { client } = await serve((stream) => stream.close(2));

    expect(await client.send(due('keep-alive'))).toMatchObject({ failure: 'stream reset (INTERNAL_ERROR)' });
  });

  test('loses the requests of a connection that is reset', async () => {
    const sockets: Socket[] = [];
    const server = createServer().on('connection', (socket: Socket) => sockets.push(socket));
    const { client } = await serve(() => sockets.forEach((socket) => socket.resetAndDestroy()), server);

    expect(await client.send(due('keep-alive'))).toMatchObject({ failure: 'ECONNRESET' });
  });

  test('loses the requests of a connection that is closed', async () => {
    const sockets: Socket[] = [];
    const server = createServer().on('connection', (socket: Socket) => sockets.push(socket));
    const { client } = await serve(() => sockets.forEach((socket) => socket.destroy()), server);

    expect((await client.send(due('keep-alive'))).failure).toMatch(/^(closed|ECONNRESET)$/);
  });

  test('loses a request that nobody answers', async () => {
    const server = createServer().on('stream', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const client = makeClient({ url: `http://127.0.0.1:${port}`, isHttp2: true }, asked, { inTurn: 1, idleMs: [] }, 50);

    expect(await client.send(due('new-connection'))).toMatchObject({ failure: 'timeout' });
    client.close();
    server.close();
  });

  test('is refused where nobody listens', async () => {
    const client = makeClient({ url: 'http://127.0.0.1:1', isHttp2: true }, asked, { inTurn: 1, idleMs: [] });

    expect(await client.send(due('new-connection'))).toMatchObject({ failure: 'ECONNREFUSED' });
  });
});

const isThere = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!isThere)('TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-tls-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const [keyFile, certFile] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-subj', '/CN=test'];
  spawnSync('openssl', [
    'req',
    '-x509',
    ...kind,
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    keyFile,
    '-out',
    certFile,
  ]);
  const [key, cert] = [readFileSync(keyFile), readFileSync(certFile, 'utf8')];

  test('is spoken with a service whose certificate is trusted', async () => {
    const { client } = await serve(echo, createSecureServer({ key, cert }), cert);

    expect(await client.send(due('keep-alive'))).toMatchObject({ version: 'v1', failure: null });
  });

  test('is refused to any other', async () => {
    const server = createHttpsServer({ key, cert });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ends.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const client = makeClient({ url: `https://127.0.0.1:${port}` }, asked, { inTurn: 1, idleMs: [] });

    expect((await client.send(due('new-connection'))).failure).toMatch(/SELF_SIGNED/);
  });
});
