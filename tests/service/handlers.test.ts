import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { type OpenRequests, trackOpenRequests } from '../../service/connections/open-requests.ts';
import { ECHO_LIMIT, events, failure } from '../../service/handlers.ts';
import { openLog } from '../../service/log.ts';
import { listen, serve, serveClients } from '../../service/server.ts';
import { patiently } from './patience.ts';
import { dial, wire } from './raw.ts';
import { ask, json } from './request.ts';
import { identity, serving } from './serving.ts';

test('says which build runs in which pod', async () => {
  await serving(async ({ port }) => {
    const answer = await ask(port, '/version');
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual(identity);
  });
});

test('waits for its slow dependency while other endpoints answer', async () => {
  await serving(
    async ({ port }) => {
      const order: string[] = [];
      const slow = ask(port, '/version').then(() => order.push('version'));
      await ask(port, '/nothing').then(() => order.push('nothing'));
      await slow;
      expect(order).toEqual(['nothing', 'version']);
    },
    { dependencyDelayMs: 500 },
  );
});

test('waits as long as it is asked to, and refuses what is no wait', async () => {
  await serving(async ({ port }) => {
    const startedAt = Date.now();
    const answer = await ask(port, '/wait?ms=100');
    expect(json(answer)).toEqual(identity);
    expect(answer.headers['x-version']).toBe(identity.version);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(95);
    for (const query of ['', '?ms=', '?ms=-1', '?ms=1.5', '?ms=60001', '?ms=1&ms=2']) {
      expect(await ask(port, `/wait${query}`)).toMatchObject({ status: 400 });
    }
  });
});

test('adds neither an ETag nor the name of its framework', async () => {
  await serving(async ({ port }) => {
    const { headers } = await ask(port, '/version');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

const bodies: readonly (readonly [string, Buffer, Readonly<Record<string, string>>])[] = [
  ['text', Buffer.from('hällo'), { 'content-type': 'text/plain' }],
  ['JSON that is none', Buffer.from('{"a":'), { 'content-type': 'application/json' }],
  ['a form', Buffer.from('a=1&a=2'), { 'content-type': 'application/x-www-form-urlencoded' }],
  ['bytes of every value', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), {}],
  ['nothing', Buffer.alloc(0), {}],
  ['a compressed body', gzipSync('hello'), { 'content-encoding': 'gzip' }],
  ['as much as may be', randomBytes(ECHO_LIMIT), {}],
  ['chunks of unknown length', randomBytes(100_000), { 'transfer-encoding': 'chunked' }],
];

test.each(bodies)('gives back %s byte for byte', async (_name, body, headers) => {
  await serving(async ({ port }) => {
    const answer = await ask(port, '/echo', { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
    expect(answer.body.equals(body)).toBe(true);
    expect(answer.headers['content-type']).toBe(headers['content-type'] ?? 'application/octet-stream');
  });
});

test('says in headers who answered', async () => {
  await serving(async ({ port }) => {
    const { headers } = await ask(port, '/echo', { method: 'POST', body: 'x' });
    expect(headers).toMatchObject({ 'x-version': '1.4.0', 'x-revision': '0123abc', 'x-pod': 'web-1' });
  });
});

test.each([{}, { 'transfer-encoding': 'chunked' }])('refuses a body over the limit, sent with %o', async (headers) => {
  await serving(async ({ port, lines }) => {
    const answer = await ask(port, '/echo', { method: 'POST', body: Buffer.alloc(ECHO_LIMIT + 1), headers });
    expect(answer.status).toBe(413);
    expect(json(answer)).toEqual({ error: 'A body may have 1048576 bytes; this one has more.' });
    expect(answer.headers['x-version']).toBe('1.4.0');
    expect(lines).toEqual([]);
  });
});

test('takes a client that goes away in the middle of its body for no failure of its own', async () => {
  await serving(async ({ port, requests, lines }) => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    await expect.poll(() => requests.count(), patiently).toBe(1);
    socket.destroy();
    await expect.poll(() => requests.count(), patiently).toBe(0);
    expect(lines).toEqual([]);
    expect((await ask(port, '/version')).status).toBe(200);
  });
});

/** Serves the stream alone, with an event every 10 ms. */
async function streaming(use: (served: { port: number; requests: OpenRequests; leave: () => void }) => Promise<void>) {
  const leaving = new AbortController();
  // As the process' lifecycle does: each open stream listens.
  setMaxListeners(0, leaving.signal);
  const requests = trackOpenRequests();
  const server = serveClients(express().get('/events', events(identity, leaving.signal, 10)), requests, 200);
  const { port } = await listen(server, 0, '127.0.0.1');
  try {
    await use({ port, requests, leave: () => leaving.abort() });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('numbers events on from the last one that the client has seen, and ends with the drain', async () => {
  await streaming(async ({ port, requests, leave }) => {
    const { got } = dial(port, wire('GET', '/events', '', 'Last-Event-ID: 7'));
    await expect
      .poll(got, patiently)
      .toContain('id: 8\ndata: {"version":"1.4.0","revision":"0123abc","pod":"web-1"}\n\n');
    expect(got()).toMatch(/Content-Type: text\/event-stream/i);
    leave();
    await expect.poll(got, patiently).toMatch(/\r\n0\r\n\r\n$/);
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});

test.each(['-1', 'x', '1e9', '9'.repeat(30), ''])('begins anew after an event %o that it never sent', async (id) => {
  await streaming(async ({ port, leave }) => {
    const { got } = dial(port, wire('GET', '/events', '', `Last-Event-ID: ${id}`));
    await expect.poll(got, patiently).toContain('id: 1\n');
    leave();
  });
});

test('has a head with an end', async () => {
  await streaming(async ({ port, requests }) => {
    expect((await ask(port, '/events', { method: 'HEAD' })).status).toBe(200);
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});

test('forgets the clients that leave, pipelined streams included', async () => {
  await streaming(async ({ port, requests }) => {
    const { got, socket } = dial(port, wire('GET', '/events').repeat(20));
    await expect.poll(got, patiently).toContain('retry');
    await expect.poll(() => requests.count(), patiently).toBe(20);
    socket.destroy();
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});

test.each([
  ['GET', '/nothing'],
  ['GET', '/echo'],
  ['GET', '/livez'],
  ['GET', '/readyz'],
  ['GET', '/metrics'],
  ['DELETE', '/version'],
])('answers %s %s with 404 in JSON', async (method, path) => {
  await serving(async ({ port }) => {
    const answer = await ask(port, `${path}?secret=1`, { method });
    expect(answer.status).toBe(404);
    expect(json(answer)).toEqual({ error: `There is no ${method} ${path} here.` });
  });
});

/** Asks once for a route that ends as `handler` does; returns what came back and what was logged. */
async function failing(handler: RequestHandler) {
  const lines: string[] = [];
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  const server = serve(express().get('/', handler).use(failure(log)), 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  try {
    const answer = await ask(port, '/').catch((error: unknown) => ({ error }));
    return { answer, lines };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('keeps the reason of a failure to itself and its log', async () => {
  const { answer, lines } = await failing(async () => {
    throw new Error('the secret reason');
  });
  expect(answer).toMatchObject({ status: 500, headers: { 'content-type': 'application/json; charset=utf-8' } });
  expect('body' in answer && json(answer)).toEqual({ error: 'Something failed here; the log of this pod says what.' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    severity: 'ERROR',
    err: { message: 'the secret reason' },
    method: 'GET',
    path: '/',
  });
});

test('fails what is thrown without being an error', async () => {
  const { answer, lines } = await failing((_request, _response, next) => next('just a text'));
  expect(answer).toMatchObject({ status: 500 });
  expect(lines).toHaveLength(1);
});

test('tears the connection where half an answer is out', async () => {
  const { answer } = await failing((_request, response) => {
    response.write('half');
    throw new Error('too late');
  });
  expect(answer).toMatchObject({ error: { code: 'ECONNRESET' } });
});

test.each([200, 399, 500, 503])('takes an error with status %d for its own failure', async (status) => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('the secret reason'), { status });
  });
  expect(answer).toMatchObject({ status: 500 });
  expect('body' in answer && json(answer)).toEqual({ error: 'Something failed here; the log of this pod says what.' });
  expect(lines).toHaveLength(1);
});

test.each([400, 499])('takes an error with status %d for the fault of the client', async (status) => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('That is no date.'), { status });
  });
  expect(answer).toMatchObject({ status });
  expect(lines).toEqual([]);
});

test("tells a client what is its own fault, and doesn't log it", async () => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('That is no date.'), { status: 422 });
  });
  expect(answer).toMatchObject({ status: 422 });
  expect('body' in answer && json(answer)).toEqual({ error: 'That is no date.' });
  expect(lines).toEqual([]);
});
