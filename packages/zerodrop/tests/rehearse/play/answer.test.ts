import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { get } from '../../../src/rehearse/load/request.ts';
import { awaitAnswer } from '../../../src/rehearse/play/rollout.ts';

const servers: ReturnType<typeof createServer>[] = [];

async function serve(statusCodes: readonly number[]): Promise<{ readonly url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    response.statusCode = statusCodes[Math.min(asked, statusCodes.length - 1)] ?? 500;
    asked += 1;
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

test('waits until the service answers well', async () => {
  const { url, asked } = await serve([503, 200]);

  await awaitAnswer(
    async () => url,
    0,
    { request: get('/') },
    new AbortController().signal,
    async () => undefined,
  );

  expect(asked()).toBe(2);
});

test('asks nothing, not even for the address, before the nodes can know the pods', async () => {
  const { url, asked } = await serve([200]);
  const seen: unknown[] = [];
  const findUrl = async (): Promise<string> => {
    seen.push('address');
    return url;
  };

  const answering = await awaitAnswer(
    findUrl,
    1_000,
    { request: get('/') },
    new AbortController().signal,
    async (ms) => void seen.push(ms),
  );

  expect({ answering, asked: asked(), seen }).toEqual({ answering: url, asked: 1, seen: [2_000, 'address'] });
});

test('waits once more after a refused question', async () => {
  const { url, asked } = await serve([503, 200]);
  const askedAtWait: [number, number][] = [];

  await awaitAnswer(
    async () => url,
    1_000,
    { request: get('/') },
    new AbortController().signal,
    async (ms) => void askedAtWait.push([ms, asked()]),
  );

  expect(askedAtWait).toEqual([
    [2_000, 0],
    [500, 1],
    [1_000, 2],
  ]);
});

test('ends with the interruption', async () => {
  const { url } = await serve([503]);
  const controller = new AbortController();
  const waiting = awaitAnswer(async () => url, 0, { request: get('/') }, controller.signal);

  controller.abort(new Error('interrupted by SIGINT'));

  await expect(waiting).rejects.toThrow(/interrupted|aborted/);
});

test('tells of a request that the service does not know, with the way out', async () => {
  const { url } = await serve([404]);
  const clock = vi.spyOn(Date, 'now');
  let now = 0;
  clock.mockImplementation(() => (now += 1_000));

  const waiting = awaitAnswer(
    async () => url,
    0,
    { request: get('/none') },
    new AbortController().signal,
    async () => undefined,
  );

  await expect(waiting).rejects.toThrow(
    'Asked for GET /none, the service answers HTTP 404, so every request of the load would be lost. Say what the service answers to by --request "METHOD PATH".',
  );
  clock.mockRestore();
});
