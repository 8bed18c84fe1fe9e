import type { Server } from 'node:http';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenRequests, trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { trackUpgraded, type Upgraded } from '../../../service/connections/upgraded.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';

const upgrade = (protocol: string) => ['Connection: Upgrade', `Upgrade: ${protocol}`];
let server: Server;
let upgraded: Upgraded;
let requests: OpenRequests;
let port: number;
/** How many requests were answered plainly, and how many changed the protocol. */
let plain: number;
let spoken: number;

beforeEach(async () => {
  const app = express()
    .get('/slow', (_request, response) => void setTimeout(() => response.send('slow'), 100))
    .get('/', (_request, response) => {
      plain += 1;
      response.send('plain');
    });
  [plain, spoken] = [0, 0];
  requests = trackOpenRequests();
  upgraded = trackUpgraded();
  server = serveClients(app, requests, 300);
  upgraded.serve(server, requests, {
    isAskedFor: ({ headers }) => headers.upgrade === 'shout',
    speak(_request, socket, head) {
      spoken += 1;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n');
      socket.write(head.toString().toUpperCase());
      socket.on('data', (text: Buffer) => socket.write(text.toString().toUpperCase()));
    },
  });
  ({ port } = await listen(server, 0, '127.0.0.1'));
});
afterEach(() => void server.close());

test('hands the connection over, counts it, and forgets it', async () => {
  const { socket, got } = dial(port, `${wire('GET', '/', '', ...upgrade('shout'))}first `);
  await expect.poll(got, patiently).toContain('FIRST');
  socket.write('then');
  await expect.poll(got, patiently).toMatch(/FIRST THEN$/);
  expect(upgraded.count()).toBe(1);
  expect(upgraded.unfinished()).toBe(1);
  socket.destroy();
  await expect.poll(() => upgraded.count(), patiently).toBe(0);
});

test('survives a client that resets its connection', async () => {
  const { socket, got } = dial(port, wire('GET', '/', '', ...upgrade('shout')));
  await expect.poll(got, patiently).toContain('101');
  socket.resetAndDestroy();
  await expect.poll(() => upgraded.count(), patiently).toBe(0);
});

test('does not keep a connection that its client has closed on its side', async () => {
  const { socket, got } = dial(port, wire('GET', '/', '', ...upgrade('shout')));
  await expect.poll(got, patiently).toContain('101');
  socket.end();
  await expect.poll(() => upgraded.count(), patiently).toBe(0);
});

test('changes the protocol after the answers to what came before', async () => {
  const { got, socket } = dial(port, wire('GET', '/slow') + wire('GET', '/', '', ...upgrade('shout')));
  await expect.poll(got, patiently).toMatch(/200 OK[^]*slow[^]*101 Switching/);
  socket.destroy();
});

test.each([
  ['answers an upgrade that it does not know as a plain request', 'GET', [], 200],
  ['answers it where it has an empty body', 'GET', ['Content-Length: 0'], 200],
  ['refuses it with a body, which Node.js would drop', 'GET', ['Content-Length: 4'], 501],
  ['refuses it with a body of unknown length', 'GET', ['Transfer-Encoding: chunked'], 501],
])('%s', async (_what, method, headers, status) => {
  const { got, statuses, closed } = dial(port, wire(method, '/', '', ...headers, ...upgrade('h2c')));
  await closed;
  expect(statuses()).toEqual([status]);
  expect(got().match(/Connection: close/g)).toHaveLength(1);
  expect(upgraded.count()).toBe(0);
});

test.each(['shout', 'h2c'])('begins nothing for a client that has left before its upgrade to %s', async (protocol) => {
  const { socket } = dial(port, wire('GET', '/slow') + wire('GET', '/', '', ...upgrade(protocol)));
  await expect.poll(() => requests.count(), { ...patiently, interval: 2 }).toBe(1);
  socket.resetAndDestroy();
  await expect.poll(() => requests.count(), { ...patiently, interval: 2 }).toBe(0);
  expect([upgraded.count(), spoken, plain]).toEqual([0, 0, 0]);
});

test('finishes each connection, and those that come later, and lets their clients leave', async () => {
  const early = dial(port, `${wire('GET', '/', '', ...upgrade('shout'))}early`);
  await expect.poll(early.got, patiently).toContain('EARLY');
  upgraded.finish();
  const late = dial(port, `${wire('GET', '/', '', ...upgrade('shout'))}late`);
  for (const { closed } of [early, late]) await closed;
  expect(late.got()).toMatch(/LATE$/);
  await expect.poll(() => upgraded.count(), patiently).toBe(0);
});

test('finishes no connection that still has answers to come', async () => {
  const { got, closed } = dial(port, wire('GET', '/slow') + wire('GET', '/', '', ...upgrade('shout')));
  await expect.poll(() => requests.count(), { ...patiently, interval: 2 }).toBe(1);
  upgraded.finish();
  await closed;
  expect(got()).toMatch(/200 OK[^]*slow[^]*101 Switching/);
});
