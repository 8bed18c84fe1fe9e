import { expect, test } from 'vitest';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';
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
])('answers the request before %s first', async (what, text, status) => {
  await serving(
    async ({ port, requests, lines }) => {
      const { socket, statuses, closed } = dial(port, wire('GET', '/version') + text);
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
