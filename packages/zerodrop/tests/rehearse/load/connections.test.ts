import { expect, test } from 'vitest';
import { makeClient } from '../../../src/rehearse/load/client.ts';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import { keptConnections, makeTurns } from '../../../src/rehearse/load/schedule.ts';
import { echo, serve } from './echo-server.ts';

const due = (kind: 'keep-alive' | 'new-connection', index: number) => ({ kind, index, dueAt: 0 });

test.each([
  [1, 3, 2, 1],
  [5, 3, 10, 3],
  [100, 3, 20, 5],
  [5_000, 3, 20, 5],
  [100, 50, 200, 50],
])('%i requests per second to %i pods keep %i connections in turn and %i that idle', (rate, pods, inTurn, idle) => {
  const kept = keptConnections(rate, pods, 5_000);

  expect([kept.inTurn, kept.idleMs.length]).toEqual([inTurn, idle]);
});

test.each([
  [15_000, 2_000, 6_000],
  [5_000, 2_000, 4_000],
  [0, 500, 1_000],
])('with a drain of %i ms connections idle from %i to %i ms', (drainMs, least, most) => {
  const { idleMs } = keptConnections(1_000, 3, drainMs);

  expect(Math.min(...idleMs)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...idleMs)).toBeLessThanOrEqual(most);
  expect(Math.max(...idleMs)).toBeGreaterThan((least + most) / 2);
});

test('requests take turns on their connections, and on an idle one when its time has come', () => {
  const turnOf = makeTurns({ inTurn: 2, idleMs: [1_000, 5_000] });

  expect([0, 100, 200, 300, 400, 1_000, 1_100, 2_000, 2_100].map(turnOf)).toEqual([2, 3, 0, 1, 0, 2, 1, 2, 0]);
});

test('each address of a name takes its turn: one that refuses is seen', async () => {
  await using server = await serve(echo);
  const url = server.url.replace('127.0.0.1', 'web.test');
  const addresses = ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const client = makeClient({ url, addresses }, asked, { inTurn: 1, idleMs: [] });
  const samples = [0, 1, 2, 3].map(async (index) => client.send(due('new-connection', index)));
  const failures = (await Promise.all(samples)).map(({ failure }) => failure);

  expect(failures.toSorted()).toEqual(['ECONNREFUSED', 'ECONNREFUSED', null, null]);
});

test('a name is dialled once where its first address refuses', async () => {
  await using server = await serve(echo);
  // On any Linux localhost is 127.0.0.1 and, with IPv6, ::1, where this server does not listen.
  const { port } = new URL(server.url);
  const addresses = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const client = makeClient({ url: `http://localhost:${port}`, addresses }, asked, { inTurn: 1, idleMs: [] });
  const { failure } = await client.send(due('new-connection', 0));

  expect(failure).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/);
  expect(server.connections()).toBe(0);
});

test('a connection that the service closed while it was idle is not used again', async () => {
  await using server = await serve((request, response) => {
    echo(request, response);
    response.once('finish', () => setTimeout(() => request.socket.end(), 10));
  });
  const client = makeClient({ url: server.url }, asked, { inTurn: 1, idleMs: [] });
  const failures: (string | null)[] = [];
  for (let index = 0; index < 3; index += 1) {
    failures.push((await client.send(due('keep-alive', index))).failure);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  client.close();

  expect(failures).toEqual([null, null, null]);
  expect(server.connections()).toBe(3);
});

test('the answer that says that it is the last on its connection is', async () => {
  await using server = await serve((request, response) => {
    response.setHeader('connection', 'close');
    echo(request, response);
  });
  const client = makeClient({ url: server.url }, asked, { inTurn: 1, idleMs: [] });
  for (let index = 0; index < 2; index += 1) {
    expect(await client.send(due('keep-alive', index))).toMatchObject({ failure: null });
  }

  expect(server.connections()).toBe(2);
});

test('a request that comes while its connection is busy has another one', async () => {
  await using server = await serve((request, response) => void setTimeout(() => echo(request, response), 50));
  const client = makeClient({ url: server.url }, asked, { inTurn: 1, idleMs: [] });
  const both = [0, 1].map(async (index) => client.send(due('keep-alive', index)));
  const failures = (await Promise.all(both)).map(({ failure }) => failure);
  await client.send(due('keep-alive', 2));
  client.close();

  expect(failures).toEqual([null, null]);
  expect(server.connections()).toBe(2);
});
