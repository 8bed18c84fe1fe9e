import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bundlePod } from '../real/long-lived/bundle.ts';
import { killAll, run } from './child.ts';
import { patiently } from './patience.ts';
import { dial, wire } from './raw.ts';
import { ask } from './request.ts';

let directory: string;
let pod: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'long-lived-'));
  pod = join(directory, 'pod.cjs');
  await bundlePod('1.4.0', pod);
});
afterEach(killAll);
afterAll(() => rm(directory, { recursive: true }));

test('a stop ends a stream, a WebSocket and an upload without losing any', async () => {
  const child = run(pod, { DRAIN_MS: '1000' });
  const port = await child.port();
  const stream = dial(port, wire('GET', '/events', '', 'Last-Event-ID: 41'));
  const upload = dial(port, wire('POST', '/echo', 'the whole upload').slice(0, -6));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
  await once(socket, 'open');
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('hello');
  await expect.poll(stream.got, patiently).toContain('id: 42\ndata: {"version":"1.4.0"');
  const metrics = (await ask(await child.managementPort(), '/metrics')).body.toString();
  expect(metrics).toMatch(/^http_server_active_requests 2$/m);
  expect(metrics).toMatch(/^http_server_upgraded_connections 1$/m);

  child.signal('SIGTERM');
  const [code, reason] = await once(socket, 'close');
  expect([code, String(reason)]).toEqual([1001, 'The pod is leaving.']);
  await expect.poll(stream.got, patiently).toMatch(/\r\n0\r\n\r\n$/);
  upload.socket.write('upload');
  await upload.closed;
  expect(upload.got()).toMatch(/the whole upload$/);
  expect(await child.ended()).toBe(0);
  expect(child.messages().at(-1)).toBe('stopped');
});

test('what comes in the drain is served, and asked to leave at once', async () => {
  const child = run(pod, { DRAIN_MS: '600' });
  const port = await child.port();
  child.signal('SIGTERM');
  await child.said('told to stop: serving on while others notice');
  const late = new WebSocket(`ws://127.0.0.1:${port}/socket`);
  expect((await once(late, 'close'))[0]).toBe(1001);
  const stream = await ask(port, '/events');
  expect([stream.status, stream.headers.connection, stream.body.toString()]).toEqual([200, 'close', 'retry: 1000\n\n']);
  expect(await child.ended()).toBe(0);
});

test('a client that does not answer the goodbye gets a FIN, and keeps nobody from exiting well', async () => {
  const child = run(pod, { DRAIN_MS: '100', SHUTDOWN_LIMIT_MS: '300' });
  const port = await child.port();
  const silent = dial(
    port,
    wire(
      'GET',
      '/socket',
      '',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    ),
  );
  await expect.poll(silent.got, patiently).toContain('101 Switching Protocols');
  const ended = once(silent.socket, 'end');
  child.signal('SIGTERM');
  await ended;
  // 0x88: a close frame. 1001: going away.
  expect(Buffer.from(silent.got().split('\r\n\r\n')[1] ?? '', 'latin1').subarray(0, 4)).toEqual(
    Buffer.from([0x88, 21, 0x03, 0xe9]),
  );
  expect(await child.ended()).toBe(0);
});
