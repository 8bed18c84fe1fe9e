import { expect, test } from 'vitest';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import { keptConnections, makeConnections, send } from '../../../src/rehearse/load/schedule.ts';
import { echo, serve } from './echo-server.ts';

const due = (kind: 'keep-alive' | 'new-connection', index: number) => ({ kind, index, dueAt: 0 });

test.each([
  [1, 2],
  [5, 10],
  [100, 20],
  [5_000, 20],
])('%i requests per second keep %i connections, each in use every two seconds', (rate, expected) => {
  expect(keptConnections(rate)).toBe(expected);
});

test('keep-alive requests take turns on their connections', () => {
  const connections = makeConnections(1);
  const agents = [0, 1, 2, 3].map((index) => connections.agentFor(due('keep-alive', index)));

  expect(agents[0]).toBe(agents[2]);
  expect(agents[1]).toBe(agents[3]);
  expect(agents[0]).not.toBe(agents[1]);
});

test('the other kind shares no connection with them', () => {
  const connections = makeConnections(1);
  const fresh = connections.agentFor(due('new-connection', 0));

  expect([0, 1].map((index) => connections.agentFor(due('keep-alive', index)))).not.toContain(fresh);
});

test('each address of a name takes its turn: one that refuses is seen', async () => {
  await using server = await serve(echo);
  const url = server.url.replace('127.0.0.1', 'web.test');
  const addresses = ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const connections = makeConnections(1, addresses);
  const samples = [0, 1, 2, 3].map(async (index) => {
    const request = due('new-connection', index);
    return send(url, connections.agentFor(request), request, asked);
  });
  const failures = (await Promise.all(samples)).map(({ failure }) => failure);
  connections.close();

  expect(failures.toSorted()).toEqual(['ECONNREFUSED', 'ECONNREFUSED', null, null]);
});
