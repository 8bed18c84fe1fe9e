import { Agent } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import { type Sample, send } from '../../../src/rehearse/load/schedule.ts';
import { echo, serve } from './echo-server.ts';

const agent = new Agent({ keepAlive: true, maxFreeSockets: 1 });
afterEach(() => agent.destroy());

const post = async (url: string, timeoutMs?: number): Promise<Sample> =>
  send(url, agent, { kind: 'keep-alive', index: 7, dueAt: 1 }, asked, timeoutMs);

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
  expect(await post(server.url)).toMatchObject({ failure: 'ECONNRESET' });
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
