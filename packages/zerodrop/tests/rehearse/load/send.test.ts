import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeClient } from '../../../src/rehearse/load/client.ts';
import type { Client } from '../../../src/rehearse/load/connections.ts';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import type { Sample } from '../../../src/rehearse/load/schedule.ts';
import { echo, serve } from './echo-server.ts';

let client: Client | null = null;
afterEach(() => {
  client?.close();
  client = null;
});

const post = async (url: string, timeoutMs?: number): Promise<Sample> => {
  client ??= makeClient({ url }, asked, { inTurn: 1, idleMs: [] }, timeoutMs);
  return client.send({ kind: 'keep-alive', index: 7, dueAt: 1 });
};

test('a right answer is a sample with its version and no failure', async () => {
  await using server = await serve(echo);
  const sample = await post(server.url);

  expect(sample).toMatchObject({ kind: 'keep-alive', dueAt: 1, version: 'v1', failure: null });
  expect(sample.endedAt).toBeGreaterThan(sample.sentAt);
});

test('an answer that carries another body is a wrong one, and its version is kept', async () => {
  await using server = await serve((_, response) => response.setHeader('x-version', 'v1').end('keep-alive-8'));
  expect(await post(server.url)).toMatchObject({ version: 'v1', failure: 'wrong body' });
});

test('an answer without a version came from somebody else', async () => {
  await using server = await serve((request, response) => request.pipe(response));
  expect(await post(server.url)).toMatchObject({ version: null, failure: 'no version' });
});

test('an error status is named', async () => {
  await using server = await serve((_, response) => response.writeHead(503).end());
  expect(await post(server.url)).toMatchObject({ version: null, failure: 'HTTP 503' });
});

test('a reset connection is named, and the request is not sent again', async () => {
  let requests = 0;
  await using server = await serve((request) => {
    requests += 1;
    request.socket.resetAndDestroy();
  });
  expect(await post(server.url)).toMatchObject({ failure: 'ECONNRESET' });
  expect(requests).toBe(1);
});

test('a kept connection that is reset counts as lost: no second try on a new one', async () => {
  let requests = 0;
  await using server = await serve((request, response) => {
    requests += 1;
    if (requests === 1) echo(request, response);
    else request.socket.resetAndDestroy();
  });
  await post(server.url);

  expect(await post(server.url)).toMatchObject({ failure: 'ECONNRESET' });
  expect(requests).toBe(2);
  expect(server.connections()).toBe(1);
});

test('an answer cut off in the middle of its body is lost', async () => {
  await using server = await serve((request, response) => {
    response.writeHead(200, { 'x-version': 'v1', 'content-length': 100 });
    response.write('keep', () => request.socket.end());
  });
  expect(await post(server.url)).toMatchObject({ failure: 'cut off' });
});

test('a connection that is closed without an answer is lost', async () => {
  await using server = await serve((request) => void request.socket.end());
  expect(await post(server.url)).toMatchObject({ version: null, failure: 'closed' });
});

test.each([
  ['malformed answer', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['more than an answer', 'HTTP/1.1 200 OK\r\nx-version: v1\r\ncontent-length: 12\r\n\r\nkeep-alive-7HTTP/1.1'],
])('a %s is named', async (failure, answer) => {
  const server = createServer((socket) => void socket.once('data', () => socket.end(answer)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  expect(await post(`http://127.0.0.1:${port}`)).toMatchObject({ failure });
  server.close();
});

test('a server that does not answer is a timeout', async () => {
  await using server = await serve(() => undefined);
  expect(await post(server.url, 50)).toMatchObject({ version: null, failure: 'timeout' });
});

test('a server that is not there refuses', async () => {
  const server = await serve(echo);
  await server[Symbol.asyncDispose]();
  expect(await post(server.url)).toMatchObject({ failure: 'ECONNREFUSED' });
});
