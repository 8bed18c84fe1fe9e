import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { makeWatch } from '../../src/rollout/watch.ts';
import { readRate, startTraffic } from '../../src/verify/traffic.ts';
import { hash, imageOf, running, show } from './sample.ts';
import { endpoint } from './server.ts';

const { signal } = new AbortController();
const subject = { rollout: 'web', environment: null, image: imageOf('1.2.4'), revision: hash('a'), isRolledOut: true };

test('sends to the address until a moment after the end, and loses nothing that was lost', async () => {
  const ok = { body: 'ok' };
  const { url, paths } = await endpoint(ok, ok, ok, ok, ok, ok, null, ok, { status: 503, body: '' }, ok);
  const traffic = await startTraffic(`${url}/version?of=web`, 20, signal, 500);
  onTestFinished(async () => traffic.abandon());
  const watch = makeWatch(signal);
  show(watch, running(hash('0'), '1.2.3'));
  traffic.watch(watch);
  await vi.waitFor(() => expect(traffic.samples.length).toBeGreaterThan(2), 10_000);
  show(watch, running(hash('a'), '1.2.4'));
  const receipt = await traffic.end(subject);
  expect(receipt).toMatchObject({
    url: `${url}/version?of=web`,
    rate: 20,
    sent: paths.length,
    lost: 2,
    lostByCause: { 'HTTP 503': 1 },
    verdict: 'lossy',
  });
  expect(new Set(paths)).toEqual(new Set(['/version?of=web']));
  // Half a second of 20 + 20 a second came after the end was asked for.
  expect(paths.length).toBeGreaterThan(18);
  expect(await traffic.end(subject)).toEqual(receipt);
});

test('speaks TLS to an address that begins with https', async () => {
  const first: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      first.push(bytes[0] ?? 0);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const traffic = await startTraffic(`https://127.0.0.1:${port}/`, 20, signal, 0);
  onTestFinished(async () => traffic.abandon());
  await vi.waitFor(() => expect(traffic.samples.length).toBeGreaterThan(2), 10_000);
  expect(await traffic.end(subject)).toMatchObject({
    verdict: 'inconclusive',
    lostByCause: { closed: first.length },
  });
  // The type of a TLS record that begins a handshake.
  expect(new Set(first)).toEqual(new Set([0x16]));
});

test.each(['0', '0.5', '21', 'much', '-1'])('refuses a rate of %s', (rate) => {
  expect(() => readRate('--rate', rate)).toThrow(UsageError);
  expect(() => readRate('--rate', rate)).toThrow('expected from 1 to 20 requests per second of each client kind');
});

test('takes a rate that a service in use does not notice', () => {
  expect(['1', '2.5', '20'].map((rate) => readRate('--rate', rate))).toEqual([1, 2.5, 20]);
});
