import { Agent, type RequestListener, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type OpenRequests, trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';
import { ask } from '../request.ts';
import { serving } from '../serving.ts';

test('lets connections live while serving', async () => {
  const agent = new Agent({ keepAlive: true });
  await serving(async ({ port }) => {
    const { headers } = await ask(port, '/version', { agent });
    expect(headers.connection).toBe('keep-alive');
  });
  agent.destroy();
});

test.each(['/version', '/nothing', '/%'])(
  'ends the connection with the answer of %s once the end is announced',
  async (path) => {
    const agent = new Agent({ keepAlive: true });
    await serving(async ({ port, requests }) => {
      requests.announceClose();
      const { headers } = await ask(port, path, { agent });
      expect(headers.connection).toBe('close');
    });
    agent.destroy();
  },
);

test('reaches the requests that were open when the end was announced', async () => {
  const agent = new Agent({ keepAlive: true });
  await serving(
    async ({ port, requests }) => {
      const slow = ask(port, '/version', { agent });
      await expect.poll(() => requests.count(), patiently).toBe(1);
      requests.announceClose();
      expect((await slow).headers.connection).toBe('close');
      await expect.poll(() => requests.count(), patiently).toBe(0);
    },
    { dependencyDelayMs: 300 },
  );
  agent.destroy();
});

const quickly = { ...patiently, interval: 2 };

/** Serves an app of a test's own until the test ends. */
async function counting(app: RequestListener): Promise<{ readonly port: number; readonly requests: OpenRequests }> {
  const requests = trackOpenRequests();
  const server = serveClients(app, requests, 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, requests };
}

test('tells an answer that its client has not read yet from one that the app has not given yet', async () => {
  const large = 'x'.repeat(20_000_000);
  const { port, requests } = await counting((request, response) => {
    if (request.url === '/large') response.end(large);
  });
  const waiting = dial(port, wire('GET', '/waiting'));
  await expect.poll(() => requests.count(), quickly).toBe(1);
  expect(requests.isFlushing()).toBe(false);
  const reading = dial(port, wire('GET', '/large'));
  reading.socket.pause();
  await expect.poll(() => requests.isFlushing(), quickly).toBe(true);
  expect(requests.count()).toBe(2);
  reading.socket.resume();
  await expect.poll(() => requests.isFlushing(), quickly).toBe(false);
  expect(requests.count()).toBe(1);
  for (const { socket } of [waiting, reading]) socket.destroy();
});

test('announces the end behind a middleware that puts its own writeHead in front', async () => {
  const { port, requests } = await counting((_, response) => {
    const { writeHead } = response;
    response.writeHead = (...given: readonly unknown[]) =>
      Reflect.apply(writeHead, response.setHeader('X-Own', '1'), given);
    response.end();
  });
  requests.announceClose();
  const { got, closed } = dial(port, wire('GET', '/'));
  await closed;
  expect(got()).toMatch(/X-Own: 1\r\n/);
  expect(got()).toMatch(/Connection: close\r\n/);
});

test('tells the app of every request whose client has left', async () => {
  const responses: ServerResponse[] = [];
  let closed = 0;
  const { port, requests } = await counting((_, response) => {
    responses.push(response.once('close', () => (closed += 1)));
  });
  const { socket } = dial(port, wire('GET', '/').repeat(3));
  await expect.poll(() => requests.count(), quickly).toBe(3);
  socket.resetAndDestroy();
  await expect.poll(() => closed, quickly).toBe(3);
  expect(responses.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  expect(requests.count()).toBe(0);
});

test('answers nothing that comes after the last answer', async () => {
  let asked = 0;
  const { port, requests } = await counting((_, response) => {
    asked += 1;
    response.writeHead(200).flushHeaders();
    setTimeout(() => response.end(), 50);
  });
  requests.announceClose();
  const { socket, got, statuses, closed } = dial(port, wire('GET', '/'));
  await expect.poll(got, quickly).toContain('Connection: close');
  socket.write(wire('GET', '/'));
  await closed;
  expect([asked, statuses()]).toEqual([1, [200]]);
});
