import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, type Raw, wire } from '../raw.ts';

const quickly = { ...patiently, interval: 2 };
let server: Server;
/** Our side of the connection. */
let ours: Socket;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
  server.close();
  server.closeAllConnections();
});

/** Sends this to an app whose clients may keep silent for 3 s, and returns when it has arrived. */
async function sending(app: RequestListener, words: string): Promise<Raw> {
  server = serveClients(app, trackOpenRequests(), 3_000);
  server.on('connection', (socket) => (ours = socket));
  const { port } = await listen(server, 0, '127.0.0.1');
  const client = dial(port, words);
  await arrived(words.length);
  return client;
}

async function arrived(bytes: number): Promise<void> {
  await expect.poll(() => ours?.bytesRead, quickly).toBe(bytes);
}

const echo: RequestListener = (request, response) =>
  // Where the rest does not come, nobody is there for the answer.
  void text(request).then(
    (body) => response.end(body),
    () => undefined,
  );

function pass(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1_000);
}

/** An upload of 30 bytes, of which 10 are sent. */
const half = wire('POST', '/', 'x'.repeat(30)).slice(0, -20);

test('lets an upload take as long as it goes on', async () => {
  const { socket, statuses, got } = await sending(echo, half);
  for (let sent = 1; sent <= 20; sent += 1) {
    pass(2);
    socket.write('x');
    await arrived(half.length + sent);
  }
  await expect.poll(statuses, quickly).toEqual([200]);
  expect(got()).toMatch(/x{30}$/);
  pass(10);
  expect(ours.destroyed).toBe(false);
  socket.destroy();
});

test('refuses an upload that stands still, after the answers to what came before it', async () => {
  const { statuses, closed } = await sending(echo, wire('GET', '/') + half);
  pass(3);
  await closed;
  expect(statuses()).toEqual([200, 408]);
});

test('ends an upload that stands still although it has its answer already', async () => {
  const { statuses, closed } = await sending((_, response) => void response.writeHead(404).end(), half);
  await expect.poll(statuses, quickly).toEqual([404]);
  pass(3);
  await closed;
  expect(statuses()[0]).toBe(404);
});

test('does not blame a client for an app that reads nothing', async () => {
  const body = 'x'.repeat(1_000_000);
  const held: Parameters<RequestListener>[] = [];
  const { socket, statuses } = await sending(
    (...asked) => held.push(asked),
    wire('POST', '/', body).slice(0, -body.length),
  );
  socket.write(body);
  await expect.poll(() => ours.isPaused(), quickly).toBe(true);
  pass(10);
  for (const [request, response] of held) echo(request, response);
  await expect.poll(statuses, quickly).toEqual([200]);
  socket.destroy();
});

test('looks no more when the server is closed', async () => {
  const { socket, closed } = await sending(echo, half);
  expect(vi.getTimerCount()).toBe(1);
  server.close();
  socket.destroy();
  await closed;
  await expect.poll(() => vi.getTimerCount(), quickly).toBe(0);
});
