import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ECHO_LIMIT } from '../../../service/handlers/echo.ts';
import { patiently } from '../patience.ts';
import { ask, json } from '../request.ts';
import { serving } from '../serving.ts';

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
