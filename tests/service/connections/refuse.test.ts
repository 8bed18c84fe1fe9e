import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { trackSilentConnections } from '../../../service/connections/refuse.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, type Raw, wire } from '../raw.ts';
import { ask } from '../request.ts';
import { serving } from '../serving.ts';

const rubbish = '\u0001no request\r\n\r\n';

test.each([
  ['rubbish', rubbish, 400],
  ['headers without an end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['half a request, and the end of the connection', 'GET / HTTP/1.1\r\nHo', 400],
  ['a chunk of no size', 'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
  [
    'a chunk that is described at length',
    `POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\n`,
    413,
  ],
  ['a wish for a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', 405],
])('answers the request before %s first', async (what, sent, status) => {
  await serving(
    async ({ port, requests, lines }) => {
      const { socket, statuses, closed } = dial(port, wire('GET', '/version') + sent);
      if (what.startsWith('half')) socket.end();
      await closed;
      expect(statuses()).toEqual([200, status]);
      await expect.poll(() => requests.count(), patiently).toBe(0);
      expect(lines).toEqual([]);
    },
    { dependencyDelayMs: 100 },
  );
});

test('answers what comes before more than the client announced', async () => {
  await serving(
    async ({ port }) => {
      const { statuses, closed } = dial(port, wire('GET', '/version', '', 'Connection: close') + rubbish);
      await closed;
      expect(statuses()).toEqual([200]);
    },
    { dependencyDelayMs: 100 },
  );
});

test('puts nothing into the middle of an answer', async () => {
  await serving(async ({ port, lifecycle }) => {
    const { got, closed, socket } = dial(port, wire('GET', '/events'));
    await expect.poll(got, patiently).toContain('retry');
    socket.write(rubbish);
    socket.write(rubbish);
    lifecycle.leave();
    await closed;
    const [stream = '', ...refusals] = got().split('0\r\n\r\n');
    expect(stream.match(/HTTP/g)).toHaveLength(1);
    expect(refusals.join('').match(/HTTP/g)).toHaveLength(1);
  });
});

test('refuses headers that do not come to an end in time', async () => {
  await serving(
    async ({ port }) => {
      const { statuses, closed } = dial(port, 'GET / HTTP/1.1\r\nHost');
      await closed;
      expect(statuses()).toEqual([408]);
      expect((await ask(port, '/version')).status).toBe(200);
    },
    { patienceMs: 200 },
  );
});

test('takes a reset for the end of its requests, and goes on', async () => {
  await serving(
    async ({ port, requests, lines }) => {
      const { socket, got } = dial(port, wire('GET', '/version') + 'GET / HTTP/1.1\r\nHo');
      await expect.poll(() => requests.count(), patiently).toBe(1);
      socket.resetAndDestroy();
      await expect.poll(() => requests.count(), patiently).toBe(0);
      expect([got(), lines]).toEqual(['', []]);
    },
    { dependencyDelayMs: 60_000 },
  );
});

const quickly = { ...patiently, interval: 2 };

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

describe('the time of an upload', () => {
  let server: Server;
  /** Our side of the connection. */
  let ours: Socket;

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

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });

  afterEach(() => {
    vi.useRealTimers();
    server.close();
    server.closeAllConnections();
  });

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
});

test('closes what never said a word, and nothing else', async () => {
  const server = createServer();
  const closeSilent = trackSilentConnections(server);
  const { port } = await listen(server, 0, '127.0.0.1');
  const ended: string[] = [];
  const silent = connect(port, '127.0.0.1').on('close', () => ended.push('silent'));
  const talking = connect(port, '127.0.0.1').on('close', () => ended.push('talking'));
  // The answer never comes: what counts is that something has come in.
  const arrived = new Promise((resolve) => server.once('request', resolve));
  talking.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived;
  await expect.poll(() => connections(server), patiently).toBe(2);

  closeSilent();
  await expect.poll(() => connections(server), patiently).toBe(1);
  await expect.poll(() => ended, patiently).toEqual(['silent']);

  silent.destroy();
  talking.destroy();
  server.close();
  server.closeAllConnections();
});

function connections(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
