import { expect, test } from 'vitest';
import { PIPELINED_AT_MOST, trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';
import { ask } from '../request.ts';
import { serving } from '../serving.ts';

const slow = { dependencyDelayMs: 200 };

test('forgets every request of a client that pipelines and leaves, and measures each', async () => {
  await serving(
    async ({ port, managementPort, requests }) => {
      const clients = Array.from({ length: 10 }, () => dial(port, wire('GET', '/version').repeat(30)));
      await expect.poll(() => requests.count(), patiently).toBe(300);
      for (const { socket } of clients) socket.destroy();
      await expect.poll(() => requests.count(), patiently).toBe(0);
      expect((await ask(managementPort, '/metrics')).body.toString()).toMatch(
        /_count\{http_request_method="GET",http_route="\/version",http_response_status_code="499"\} 300$/m,
      );
    },
    { dependencyDelayMs: 60_000, patienceMs: 200 },
  );
});

test.each([
  ['POST', '/echo', 'body'],
  ['GET', '/version', ''],
  ['HEAD', '/version', ''],
  ['GET', '/nothing', ''],
  ['POST', '/nothing', 'body'],
])(
  'answers all of %s %s that came at once, and only the last answer ends the connection',
  async (method, path, body) => {
    await serving(async ({ port, requests }) => {
      requests.announceClose();
      const { got, statuses, closed } = dial(port, wire(method, path, body).repeat(3));
      await closed;
      expect(statuses()).toHaveLength(3);
      expect(got().match(/Connection: close/g)).toHaveLength(1);
      expect(got().lastIndexOf('HTTP/1.1')).toBeLessThan(got().indexOf('Connection: close'));
    });
  },
);

test('answers all that was open when the end was announced', async () => {
  await serving(async ({ port, requests }) => {
    const { statuses, got, closed } = dial(port, wire('GET', '/version').repeat(40));
    await expect.poll(() => requests.count(), { ...patiently, interval: 2 }).toBe(40);
    requests.announceClose();
    await closed;
    expect(statuses()).toHaveLength(40);
    expect(got().match(/Connection: close/g)).toHaveLength(1);
  }, slow);
});

test('answers a request behind one that is slower than it', async () => {
  await serving(async ({ port, requests }) => {
    requests.announceClose();
    const { socket, statuses } = dial(port, wire('GET', '/version') + wire('POST', '/echo', 'quick'));
    await expect.poll(() => statuses(), patiently).toEqual([200, 200]);
    // Nobody told this client to leave: so its next request is answered, and does.
    socket.write(wire('GET', '/version'));
    await expect.poll(() => statuses(), patiently).toEqual([200, 200, 200]);
  }, slow);
});

test('answers what waits for 100 Continue in front of others', async () => {
  await serving(async ({ port, requests }) => {
    requests.announceClose();
    const head = 'POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';
    const { socket, got, statuses, closed } = dial(port, head);
    await expect.poll(got, patiently).toContain('100 Continue');
    socket.write(`body${wire('POST', '/echo', 'more')}`);
    await closed;
    expect(statuses()).toEqual([200, 200]);
    expect(got()).toMatch(/more$/);
  });
});

test('answers early, reads the rest, and ends the connection with the next answer', async () => {
  await serving(async ({ port, requests }) => {
    requests.announceClose();
    const { socket, got, statuses, closed } = dial(port, wire('POST', '/nothing', 'x'.repeat(300_000)).slice(0, 1_000));
    await expect.poll(statuses, patiently).toEqual([404]);
    expect(got()).not.toContain('Connection: close');
    socket.write('x'.repeat(300_000));
    socket.write(wire('GET', '/version'));
    await closed;
    expect(statuses().slice(0, 1)).toEqual([404]);
  });
});

test('reads no more of a connection with many open requests until some are answered', async () => {
  const requests = trackOpenRequests();
  const server = serveClients((_, response) => void setTimeout(() => response.end(), 10), requests, 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  const many = 2_600;
  const [each, last] = [wire('GET', '/'), wire('GET', '/', '', 'Connection: close')];
  const { statuses, closed } = dial(port, each.repeat(many - 1) + last);
  let highest = 0;
  const looking = setInterval(() => (highest = Math.max(highest, requests.count())), 1);
  await closed;
  clearInterval(looking);
  server.close();
  expect(statuses()).toHaveLength(many);
  expect(highest).toBeGreaterThanOrEqual(PIPELINED_AT_MOST);
  // As many as fit into one read of 64 KiB come on top.
  expect(highest).toBeLessThanOrEqual(PIPELINED_AT_MOST + Math.ceil(65_536 / each.length));
});

test('leaves one listener of each kind on a connection, however many requests it carries', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  await serving(async ({ port, requests, sockets }) => {
    const { socket, statuses } = dial(port);
    const counts: number[] = [];
    for (let sent = 1; sent <= 20; sent += 1) {
      socket.write(wire('GET', '/version'));
      await expect.poll(() => statuses().length, { ...patiently, interval: 2 }).toBe(sent);
      await expect.poll(() => requests.count(), { ...patiently, interval: 2 }).toBe(0);
      const [own] = sockets;
      counts.push(own?.eventNames().reduce((sum, name) => sum + own.listenerCount(name), 0) ?? 0);
    }
    expect(new Set(counts.slice(1)).size).toBe(1);
    socket.destroy();
  });
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('answers a client that has closed its side of the connection', async () => {
  await serving(async ({ port }) => {
    const { socket, statuses, closed } = dial(port, wire('GET', '/version').repeat(2));
    socket.end();
    await closed;
    expect(statuses()).toEqual([200, 200]);
  }, slow);
});

test('gives a client up that closed its side, when there is no answer for as long as its patience', async () => {
  await serving(
    async ({ port, requests }) => {
      const { socket } = dial(port, wire('GET', '/version'));
      await expect.poll(() => requests.count(), patiently).toBe(1);
      socket.end();
      await expect.poll(() => requests.count(), patiently).toBe(0);
    },
    { dependencyDelayMs: 60_000, patienceMs: 100 },
  );
});
