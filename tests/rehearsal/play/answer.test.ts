import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { awaitAnswer } from '../../../rehearsal/play/answer.ts';

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

  await awaitAnswer(url, 0, new AbortController().signal);

  expect(asked()).toBe(2);
});

test('ends with the interruption', async () => {
  const { url } = await serve([503]);
  const controller = new AbortController();
  const waiting = awaitAnswer(url, 0, controller.signal);

  controller.abort(new Error('interrupted by SIGINT'));

  await expect(waiting).rejects.toThrow(/interrupted|aborted/);
});
