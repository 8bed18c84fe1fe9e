import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startLongLived } from '../../../src/rehearse/load/long-lived.ts';
import { get } from '../../../src/rehearse/load/request.ts';
import { type LongLived, type LongLivedOrder, longLivedOrders } from '../../../src/rehearse/load/schedule.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Runs a client against a server until it has told of so much. */
async function ended(
  listener: RequestListener,
  order: LongLivedOrder,
  count = 1,
  upgrade?: (socket: Socket, key: string) => void,
) {
  const server: Server = createServer(listener);
  server.on('upgrade', (request, socket: Socket) => upgrade?.(socket, request.headers['sec-websocket-key'] ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close().closeAllConnections());
  const seen: LongLived[] = [];
  const { port } = server.address() as AddressInfo;
  ends.push(startLongLived({ url: `http://127.0.0.1:${port}` }, [order], (one) => void seen.push(one)));
  await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(count), { timeout: 8_000, interval: 10 });
  return seen;
}

const slow = { kind: 'slow-request', request: get('/wait'), perSecond: 20, lastsMs: 100 } as const;
const stream = { kind: 'event-stream', request: get('/events'), open: 1 } as const;
const sockets = { kind: 'websocket', request: get('/socket'), open: 1 } as const;

describe('a slow request', () => {
  test('is whole where it is answered, however late', async () => {
    const [first] = await ended(
      (_, response) => void setTimeout(() => response.setHeader('x-pod', 'a').end(), 100),
      slow,
    );

    expect(first).toMatchObject({ kind: 'slow-request', failure: null, pod: 'a' });
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThan(90);
  });

  test('is lost where its connection is closed, and has an age then', async () => {
    const [first] = await ended((request) => void setTimeout(() => request.socket.end(), 100), slow);

    expect(first).toMatchObject({ failure: 'closed' });
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThan(90);
  });
});

describe('an upload', () => {
  const order = { kind: 'upload', request: { ...get('/'), method: 'POST' }, perSecond: 2, lastsMs: 500 } as const;

  test('is sent in pieces, and answered once it is whole', async () => {
    const parts: number[] = [];
    const [first] = await ended((request, response) => {
      request.on('data', (part: Buffer) => parts.push(part.length)).on('end', () => response.end());
    }, order);

    expect(first).toMatchObject({ kind: 'upload', failure: null });
    expect(parts.length).toBeGreaterThanOrEqual(2);
  });

  test('is lost where its connection is reset', async () => {
    const [first] = await ended((request) => void setTimeout(() => request.socket.resetAndDestroy(), 50), order);

    expect(first?.failure).toBe('ECONNRESET');
  });
});

describe('an event stream', () => {
  test('may be ended by the service, and is opened again', async () => {
    const seen = await ended(
      (_, response) => {
        response.write('data: 1\n\n');
        setTimeout(() => response.end(), 20);
      },
      stream,
      2,
    );

    expect(seen.map(({ failure }) => failure)).toEqual([null, null]);
  });

  test.each([
    ['is closed', (socket: Socket) => void socket.end()],
    ['is reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('is closed early where it %s before its last chunk', async (_how, end) => {
    const [first] = await ended((request, response) => {
      response.write('data: 1\n\n');
      setTimeout(() => end(request.socket), 20);
    }, stream);

    expect(first?.failure).toBe('closed early');
  });

  test('that is answered by something else is lost', async () => {
    const [first] = await ended((_, response) => response.writeHead(503).end(), stream);

    expect(first?.failure).toBe('HTTP 503');
  });
});

/** What a server answers to an upgrade, and these bytes behind it. */
function accept(socket: Socket, key: string, ...frames: readonly number[]): void {
  const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const head = `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accepted}\r\n\r\n`;
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.from(head), Buffer.from(frames)]));
}

const none: RequestListener = (_, response) => response.writeHead(404).end();

describe('a WebSocket', () => {
  test('may be ended by a close frame, which is answered, and is opened again', async () => {
    const answers: Buffer[] = [];
    const seen = await ended(none, sockets, 2, (socket, key) => {
      accept(socket, key, 0x82, 0x02, 1, 2, 0x88, 0x02, 0x03, 0xe9);
      socket.on('data', (part: Buffer) => answers.push(part));
    });

    expect(seen.map(({ failure }) => failure)).toEqual([null, null]);
    // A masked close frame with the code 1001.
    expect([answers[0]?.[0], answers[0]?.[1]]).toEqual([0x88, 0x82]);
  });

  test('answers a ping', async () => {
    const answers: Buffer[] = [];
    await ended(none, sockets, 1, (socket, key) => {
      accept(socket, key, 0x89, 0x00);
      socket.once('data', (part: Buffer) => {
        answers.push(part);
        socket.end();
      });
    });

    expect(answers[0]?.[0]).toBe(0x8a);
  });

  test('is closed early without a close frame', async () => {
    const [first] = await ended(none, sockets, 1, (socket, key) => {
      accept(socket, key);
      setTimeout(() => socket.end(), 20);
    });

    expect(first?.failure).toBe('closed early');
  });

  test.each([
    ['HTTP 404', undefined],
    ['malformed answer', (socket: Socket) => accept(socket, 'of another')],
  ])('that is not accepted is lost as %s', async (failure, upgrade) => {
    const [first] = await ended(
      none,
      sockets,
      1,
      upgrade ?? ((socket) => void socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')),
    );

    expect(first?.failure).toBe(failure);
  });
});

describe('what long-lived clients are to do', () => {
  const said = {
    slow: get('/wait?ms={ms}'),
    upload: null,
    events: get('/events'),
    socket: null,
    seconds: null,
    closedEarly: 'lost',
  } as const;
  const play = { pods: 3, drainMs: 5_000, lagMs: 1_000, limitMs: 10_000 };

  test('lasts a second beyond the drain for what comes as late as the lag allows', () => {
    expect(longLivedOrders(said, play)).toEqual([
      { kind: 'slow-request', request: get('/wait?ms=5000'), perSecond: 3, lastsMs: 5_000 },
      { kind: 'event-stream', request: get('/events'), open: 6 },
    ]);
  });

  test('lasts as long as the service allows, or as an option says', () => {
    expect(longLivedOrders(said, { ...play, limitMs: 2_000 })[0]).toMatchObject({ lastsMs: 2_000 });
    expect(longLivedOrders({ ...said, seconds: 9 }, play)[0]).toMatchObject({ lastsMs: 9_000 });
  });
});
